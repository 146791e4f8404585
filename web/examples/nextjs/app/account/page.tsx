import type { Metadata } from "next";
import { DeleteAccountForm } from "@/components/account/delete-account-form";
import { EmailForm } from "@/components/account/email-form";
import { PasswordForm } from "@/components/account/password-form";
import { ProfileForm } from "@/components/account/profile-form";
import { SessionList } from "@/components/account/session-list";
import { LinkProblem } from "@/components/link-problem";
import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { Section } from "@/components/section";
import { TwoFactor } from "@/components/two-factor/two-factor";
import { single, type SearchParams } from "@/lib/search-params";
import { requireSession } from "@/lib/session";

export const metadata: Metadata = { title: "Account" };

/** The link to a new address comes back here, with an error if it was used before or is too old. */
export default async function AccountPage({ searchParams }: { searchParams: SearchParams }) {
  const { user, session } = await requireSession("/account");
  const { notice, error } = await searchParams;
  return (
    <>
      <PageHeading>Account</PageHeading>
      {error ? <LinkProblem code={single(error) ?? ""} /> : <Notice of={notice} />}
      <Section title="Profile">
        <ProfileForm user={user} />
      </Section>
      <Section title="E-mail address">
        <p>
          Your address is <strong>{user.email}</strong>.
        </p>
        <EmailForm email={user.email} />
      </Section>
      <Section title="Password">
        <PasswordForm email={user.email} />
      </Section>
      <Section title="Two-factor sign-in">
        <TwoFactor enabled={user.twoFactorEnabled ?? false} email={user.email} />
      </Section>
      <Section title="Where you are signed in">
        <SessionList current={session.id} />
      </Section>
      <Section title="Delete account" danger>
        <DeleteAccountForm email={user.email} />
      </Section>
    </>
  );
}
