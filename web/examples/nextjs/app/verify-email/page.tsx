import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { ResendForm } from "@/components/auth/resend-form";
import { LinkProblem } from "@/components/link-problem";
import { PageHeading } from "@/components/page-heading";
import { single, type SearchParams } from "@/lib/search-params";
import { getSession } from "@/lib/session";

export const metadata: Metadata = { title: "Confirm your address" };

/** Where the link of the first mail ends. The server has looked at the link and signed the user in, or says why not. */
export default async function VerifyEmailPage({ searchParams }: { searchParams: SearchParams }) {
  const error = single((await searchParams).error);
  if (!error && (await getSession())) redirect("/dashboard");
  return (
    <div className="card narrow">
      <PageHeading>Confirm your address</PageHeading>
      {error ? <Failed code={error} /> : <Confirmed />}
    </div>
  );
}

function Failed({ code }: { code: string }) {
  return (
    <>
      <LinkProblem code={code} />
      <p>You can have a new mail with a new link.</p>
      <ResendForm />
    </>
  );
}

function Confirmed() {
  return (
    <p>
      Open the link in the mail that we sent you. If you have done that already, you can{" "}
      <Link href="/sign-in">sign in</Link>.
    </p>
  );
}
