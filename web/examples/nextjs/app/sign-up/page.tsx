import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { SignUpForm } from "@/components/auth/sign-up-form";
import { SocialSignIn } from "@/components/auth/social-sign-in";
import { LinkProblem } from "@/components/link-problem";
import { PageHeading } from "@/components/page-heading";
import { didNotWork } from "@/lib/problem";
import { single, type SearchParams } from "@/lib/search-params";
import { getSession } from "@/lib/session";
import { socialProviders } from "@/lib/settings";

export const metadata: Metadata = { title: "Create an account" };

export default async function SignUpPage({ searchParams }: { searchParams: SearchParams }) {
  if (await getSession()) redirect("/dashboard");
  const { error } = await searchParams;
  return (
    <div className="card narrow">
      <PageHeading>Create an account</PageHeading>
      {error && <LinkProblem code={single(error) ?? ""} otherwise={didNotWork} />}
      <SignUpForm />
      <SocialSignIn providers={socialProviders} requestSignUp />
      <p className="aside">
        You have an account? <Link href="/sign-in">Sign in</Link>
      </p>
    </div>
  );
}
