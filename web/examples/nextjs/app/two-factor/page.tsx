import type { Metadata } from "next";
import Link from "next/link";
import { TwoFactorForm } from "@/components/auth/two-factor-form";
import { PageHeading } from "@/components/page-heading";

export const metadata: Metadata = { title: "Second step" };

export default function TwoFactorPage() {
  return (
    <div className="card narrow">
      <PageHeading>Second step</PageHeading>
      <p>Your password was right. Your account asks for a code as well.</p>
      <TwoFactorForm />
      <p className="aside">
        Something wrong? <Link href="/sign-in">Start again</Link>
      </p>
    </div>
  );
}
