"use client";

import { EmailField } from "@/components/form/fields";
import { Form } from "@/components/form/form";
import { ask } from "@/lib/ask";
import { authClient } from "@/lib/auth-client";
import { text } from "@/lib/form-data";
import { pageURL } from "@/lib/navigate";

export function ForgotPasswordForm() {
  async function send(values: FormData) {
    const email = text(values, "email");
    const wanted = { email, redirectTo: pageURL("/reset-password") };
    const { problem } = await ask((options) => authClient.requestPasswordReset(wanted, options));
    return problem ? { problem } : { done: `If ${email} has an account, a mail with a link is on its way.` };
  }

  return (
    <Form submit="Send the link" send={send}>
      <EmailField />
    </Form>
  );
}
