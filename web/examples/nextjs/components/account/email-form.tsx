"use client";

import { EmailField } from "@/components/form/fields";
import { Form } from "@/components/form/form";
import { ask } from "@/lib/ask";
import { authClient } from "@/lib/auth-client";
import { text } from "@/lib/form-data";
import { pageURL } from "@/lib/navigate";
import type { Problem } from "@/lib/problem";

const unchanged: Problem = { message: "This is your address already.", field: "email" };

export function EmailForm({ email }: { email: string }) {
  async function send(values: FormData) {
    const newEmail = text(values, "email");
    if (newEmail.toLowerCase() === email) return { problem: unchanged }; // addresses are stored in lower case
    const wanted = { newEmail, callbackURL: pageURL("/account?notice=email-changed") };
    const { problem } = await ask((options) => authClient.changeEmail(wanted, options));
    // Also for an address that is somebody else's already: whose it is does not show here.
    return problem ? { problem } : { done: `We have sent a link to ${newEmail}. Open it to change your address.` };
  }

  return (
    <Form submit="Change e-mail" send={send}>
      <EmailField label="New e-mail" />
    </Form>
  );
}
