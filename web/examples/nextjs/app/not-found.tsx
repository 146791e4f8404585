import type { Metadata } from "next";
import Link from "next/link";
import { PageHeading } from "@/components/page-heading";

export const metadata: Metadata = { title: "Page not found" };

export default function NotFound() {
  return (
    <div className="card narrow">
      <PageHeading>Page not found</PageHeading>
      <p>There is no page at this address.</p>
      <Link href="/">Go to the start</Link>
    </div>
  );
}
