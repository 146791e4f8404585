import type { Metadata } from "next";
import { DeleteAccountForm } from "@/components/account/delete-account-form";
import { EmailForm } from "@/components/account/email-form";
import { FirstPasswordForm } from "@/components/account/first-password-form";
import { LoginMethods } from "@/components/account/login-methods";
import { PasswordForm } from "@/components/account/password-form";
import { ProfileForm } from "@/components/account/profile-form";
import { SessionList } from "@/components/account/session-list";
import { LinkProblem } from "@/components/link-problem";
import { Notice } from "@/components/notice";
import { PageHeading } from "@/components/page-heading";
import { Section } from "@/components/section";
import { TwoFactor } from "@/components/two-factor/two-factor";
import { didNotWork } from "@/lib/problem";
import { single, type SearchParams } from "@/lib/search-params";
import { listLoginMethods, requireSession } from "@/lib/session";
import { socialProviders } from "@/lib/settings";

export const metadata: Metadata = { title: "Account" };

/**
 * The link to a new address comes back here, with an error if it was used before or is too old, and so does another site
 * that was to be added.
 */
export default async function AccountPage({ searchParams }: { searchParams: SearchParams }) {
  const { user, session } = await requireSession("/account");
  const [{ notice, error }, methods] = await Promise.all([searchParams, listLoginMethods()]);
  const hasPassword = methods.some(({ providerId }) => providerId === "credential");
  return (
    <>
      <PageHeading>Account</PageHeading>
      {error ? <LinkProblem code={single(error) ?? ""} otherwise={didNotWork} /> : <Notice of={notice} />}
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
        {hasPassword ? <PasswordForm email={user.email} /> : <FirstPasswordForm email={user.email} />}
      </Section>
      <Section title="How you sign in">
        <LoginMethods methods={methods} providers={socialProviders} />
      </Section>
      <Section title="Two-factor sign-in">
        {hasPassword ? (
          <TwoFactor enabled={user.twoFactorEnabled ?? false} email={user.email} />
        ) : (
          <p>Two-factor goes with a password, which you have not set.</p>
        )}
      </Section>
      <Section title="Where you are signed in">
        <SessionList current={session.id} />
      </Section>
      <Section title="Delete account" danger>
        <DeleteAccountForm email={user.email} hasPassword={hasPassword} />
      </Section>
    </>
  );
}
