"use client";

import { Checkbox } from "@/components/form/checkbox";
import { PasswordField, Username } from "@/components/form/fields";
import { Form } from "@/components/form/form";
import { ask } from "@/lib/ask";
import { authClient } from "@/lib/auth-client";
import { text } from "@/lib/form-data";
import { loadPage } from "@/lib/navigate";

/** Without a password, having signed in a short while ago is the proof. */
export function DeleteAccountForm({ email, hasPassword }: { email: string; hasPassword: boolean }) {
  async function send(values: FormData) {
    const proof = hasPassword ? { password: text(values, "password") } : {};
    const { problem } = await ask((options) => authClient.deleteUser(proof, options));
    return problem ? { problem } : loadPage("/?notice=account-deleted");
  }

  return (
    <Form submit="Delete account" look="danger" send={send}>
      <p>
        This deletes the account of <strong>{email}</strong> at once and signs you out everywhere. Nobody can bring it
        back.
      </p>
      <Username email={email} />
      {hasPassword && <PasswordField label="Your password" />}
      <Checkbox label="Yes, delete my account for good" name="sure" required />
    </Form>
  );
}
