"use client";

import { useState } from "react";
import { Checkbox } from "@/components/form/checkbox";
import { EmailField, PasswordField } from "@/components/form/fields";
import { Form } from "@/components/form/form";
import { ask } from "@/lib/ask";
import { authClient } from "@/lib/auth-client";
import { text, ticked } from "@/lib/form-data";
import { left, loadPage } from "@/lib/navigate";
import { currentReturnPath } from "@/lib/return-path";
import { ResendForm } from "./resend-form";

export function SignInForm() {
  const [unconfirmed, setUnconfirmed] = useState<string>();

  async function send(values: FormData) {
    const email = text(values, "email");
    const person = { email, password: text(values, "password"), rememberMe: ticked(values, "rememberMe") };
    const { data, problem } = await ask((options) => authClient.signIn.email(person, options));
    setUnconfirmed(problem?.code === "EMAIL_NOT_VERIFIED" ? email : undefined);
    if (problem) return { problem };
    // lib/auth-client.ts has sent the browser to /two-factor, if the account asks for more than a password.
    return "twoFactorRedirect" in data ? left() : loadPage(currentReturnPath());
  }

  return (
    <>
      <Form submit="Sign in" send={send}>
        <EmailField />
        <PasswordField />
        <Checkbox label="Remember me" name="rememberMe" defaultChecked />
      </Form>
      {unconfirmed && <ResendForm email={unconfirmed} />}
    </>
  );
}
