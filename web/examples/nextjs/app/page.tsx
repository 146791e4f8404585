import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { WelcomeLinks } from "@/components/welcome-links";
import type { SearchParams } from "@/lib/search-params";

export default async function WelcomePage({ searchParams }: { searchParams: SearchParams }) {
  const { notice } = await searchParams;
  return (
    <div className="welcome">
      <Notice of={notice} />
      <PageHeading>Your tasks, and nobody else&rsquo;s</PageHeading>
      <p className="lead">
        A small application that shows how three parts work together: Next.js for the pages, sallyport for the accounts,
        and an API in FastAPI that keeps the tasks.
      </p>
      <WelcomeLinks />
    </div>
  );
}
