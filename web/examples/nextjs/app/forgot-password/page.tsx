import type { Metadata } from "next";
import Link from "next/link";
import { ForgotPasswordForm } from "@/components/auth/forgot-password-form";
import { PageHeading } from "@/components/page-heading";

export const metadata: Metadata = { title: "Forgot your password?" };

export default function ForgotPasswordPage() {
  return (
    <div className="card narrow">
      <PageHeading>Forgot your password?</PageHeading>
      <p>We send you a link with which you can set a new one.</p>
      <ForgotPasswordForm />
      <p className="aside">
        You know it again? <Link href="/sign-in">Sign in</Link>
      </p>
    </div>
  );
}
