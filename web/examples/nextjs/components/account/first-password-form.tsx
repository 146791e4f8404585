"use client";

import { Form } from "@/components/form/form";
import { ask } from "@/lib/ask";
import { authClient } from "@/lib/auth-client";
import { pageURL } from "@/lib/navigate";

/** For whoever has come by another site. A link to the address sets the first password, as it does for a forgotten one. */
export function FirstPasswordForm({ email }: { email: string }) {
  async function send() {
    const wanted = { email, redirectTo: pageURL("/reset-password") };
    const { problem } = await ask((options) => authClient.requestPasswordReset(wanted, options));
    return problem ? { problem } : { done: `We have sent a link to ${email}. Open it to set a password.` };
  }

  return (
    <Form submit="Send me a link" look="plain" send={send}>
      <p>You have no password. With one, you can sign in without another site.</p>
    </Form>
  );
}
