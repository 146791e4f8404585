"use client";

import { EmailField } from "@/components/form/fields";
import { Form } from "@/components/form/form";
import { ask } from "@/lib/ask";
import { authClient } from "@/lib/auth-client";
import { text } from "@/lib/form-data";
import { pageURL } from "@/lib/navigate";

/** Has the mail with the link sent again, to the address given or to one that the form asks for. */
export function ResendForm({ email }: { email?: string }) {
  async function send(values: FormData) {
    const to = email ?? text(values, "email");
    const wanted = { email: to, callbackURL: pageURL("/verify-email") };
    const { problem } = await ask((options) => authClient.sendVerificationEmail(wanted, options));
    return problem ? { problem } : { done: `If ${to} waits to be confirmed, a new mail is on its way.` };
  }

  return (
    <Form submit="Send a new mail" look={email ? "plain" : "primary"} send={send}>
      {email === undefined && <EmailField />}
    </Form>
  );
}
