import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { SignInForm } from "@/components/auth/sign-in-form";
import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { returnPath } from "@/lib/return-path";
import { single, type SearchParams } from "@/lib/search-params";
import { getSession } from "@/lib/session";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
  const { next, notice } = await searchParams;
  if (notice !== "sign-in-again" && (await getSession())) redirect(returnPath(single(next)));
  return (
    <div className="card narrow">
      <PageHeading>Sign in</PageHeading>
      <Notice of={notice} />
      <SignInForm />
      <p className="aside">
        <Link href="/forgot-password">Forgot your password?</Link>
      </p>
      <p className="aside">
        You have no account yet? <Link href="/sign-up">Create an account</Link>
      </p>
    </div>
  );
}
