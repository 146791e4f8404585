import type { Metadata } from "next";
import Link from "next/link";
import { ResetPasswordForm } from "@/components/auth/reset-password-form";
import { LinkProblem } from "@/components/link-problem";
import { PageHeading } from "@/components/page-heading";
import { single, type SearchParams } from "@/lib/search-params";

// The address of this page holds the token of the link: no request that it makes may tell it.
export const metadata: Metadata = { title: "Set a new password", referrer: "no-referrer" };

export default async function ResetPasswordPage({ searchParams }: { searchParams: SearchParams }) {
  const { token, error } = await searchParams;
  const usable = single(error) ? undefined : single(token);
  return (
    <div className="card narrow">
      <PageHeading>Set a new password</PageHeading>
      {usable ? <ResetPasswordForm token={usable} /> : <LinkProblem code={single(error) ?? "INVALID_TOKEN"} />}
      <p className="aside">
        <Link href="/forgot-password">Ask for a new link</Link>
      </p>
    </div>
  );
}
