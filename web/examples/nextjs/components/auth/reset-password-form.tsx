"use client";

import { NewPasswordField } from "@/components/form/fields";
import { Form } from "@/components/form/form";
import { ask } from "@/lib/ask";
import { authClient } from "@/lib/auth-client";
import { text } from "@/lib/form-data";
import { loadPage } from "@/lib/navigate";

export function ResetPasswordForm({ token }: { token: string }) {
  async function send(values: FormData) {
    const wanted = { newPassword: text(values, "newPassword"), token };
    const { problem } = await ask((options) => authClient.resetPassword(wanted, options));
    return problem ? { problem } : loadPage("/sign-in?notice=password-set");
  }

  return (
    <Form submit="Set password" send={send}>
      <NewPasswordField label="New password" />
    </Form>
  );
}
