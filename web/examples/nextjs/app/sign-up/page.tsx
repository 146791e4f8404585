import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { SignUpForm } from "@/components/auth/sign-up-form";
import { PageHeading } from "@/components/page-heading";
import { getSession } from "@/lib/session";

export const metadata: Metadata = { title: "Create an account" };

export default async function SignUpPage() {
  if (await getSession()) redirect("/dashboard");
  return (
    <div className="card narrow">
      <PageHeading>Create an account</PageHeading>
      <SignUpForm />
      <p className="aside">
        You have an account? <Link href="/sign-in">Sign in</Link>
      </p>
    </div>
  );
}
