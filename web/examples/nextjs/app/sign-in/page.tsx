import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { SignInForm } from "@/components/auth/sign-in-form";
import { SocialSignIn } from "@/components/auth/social-sign-in";
import { LinkProblem } from "@/components/link-problem";
import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { didNotWork } from "@/lib/problem";
import { returnPath } from "@/lib/return-path";
import { single, type SearchParams } from "@/lib/search-params";
import { getSession } from "@/lib/session";
import { socialProviders } from "@/lib/settings";

export const metadata: Metadata = { title: "Sign in" };

/** Another site sends people back here with an error, if they have not come in. */
export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
  const { next, notice, error } = await searchParams;
  if (notice !== "sign-in-again" && (await getSession())) redirect(returnPath(single(next)));
  return (
    <div className="card narrow">
      <PageHeading>Sign in</PageHeading>
      {error ? <LinkProblem code={single(error) ?? ""} otherwise={didNotWork} /> : <Notice of={notice} />}
      <SignInForm />
      <SocialSignIn providers={socialProviders} />
      <p className="aside">
        <Link href="/forgot-password">Forgot your password?</Link>
      </p>
      <p className="aside">
        You have no account yet? <Link href="/sign-up">Create an account</Link>
      </p>
    </div>
  );
}
