"use client";

import { useAuth } from "@/components/auth-provider";
import { PageHeading } from "@/components/page-heading";

/** What is shown in place of a page that failed, such as when the server that knows the sessions is away. */
export default function ErrorPage({ retry }: { error: Error; retry: () => void }) {
  const { refetch } = useAuth();

  function again() {
    void refetch();
    retry();
  }
  return (
    <div className="card narrow">
      {/* Stands before the title of the page that failed, so this one counts; it goes when the page comes back. */}
      <title>Something went wrong · Tasks</title>
      <PageHeading>Something went wrong</PageHeading>
      <p role="alert">The page could not be shown. This may pass by itself.</p>
      <button type="button" className="primary" onClick={again}>
        Try again
      </button>
    </div>
  );
}
