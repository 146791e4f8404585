"use client";

import { useRouter } from "next/navigation";
import { Checkbox } from "@/components/form/checkbox";
import { NewPasswordField, PasswordField, Username } from "@/components/form/fields";
import { Form } from "@/components/form/form";
import { ask } from "@/lib/ask";
import { authClient } from "@/lib/auth-client";
import { text, ticked } from "@/lib/form-data";

export function PasswordForm({ email }: { email: string }) {
  const router = useRouter();

  async function send(values: FormData) {
    const wanted = {
      currentPassword: text(values, "password"),
      newPassword: text(values, "newPassword"),
      revokeOtherSessions: ticked(values, "revokeOtherSessions"),
    };
    const { problem } = await ask((options) => authClient.changePassword(wanted, options));
    if (problem) return { problem };
    router.refresh();
    return { done: "Your password is changed." };
  }

  return (
    <Form submit="Change password" send={send}>
      <Username email={email} />
      <PasswordField label="Current password" />
      <NewPasswordField label="New password" />
      <Checkbox label="Sign out other devices" name="revokeOtherSessions" defaultChecked />
    </Form>
  );
}
