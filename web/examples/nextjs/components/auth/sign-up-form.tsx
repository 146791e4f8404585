"use client";

import { useState } from "react";
import { Field } from "@/components/form/field";
import { EmailField, NewPasswordField } from "@/components/form/fields";
import { Form } from "@/components/form/form";
import { ask } from "@/lib/ask";
import { authClient } from "@/lib/auth-client";
import { text } from "@/lib/form-data";
import { pageURL } from "@/lib/navigate";
import { MailSent } from "./mail-sent";

export function SignUpForm() {
  const [sentTo, setSentTo] = useState("");
  if (sentTo) return <MailSent email={sentTo} />;

  async function send(values: FormData) {
    const email = text(values, "email");
    const person = {
      email,
      name: text(values, "name").trim(),
      password: text(values, "newPassword"),
      company: text(values, "company").trim() || undefined,
      callbackURL: pageURL("/verify-email"),
    };
    const { problem } = await ask((options) => authClient.signUp.email(person, options));
    if (problem) return { problem };
    setSentTo(email);
  }

  return (
    <Form submit="Create account" send={send}>
      <Field label="Name" name="name" autoComplete="name" required maxLength={100} />
      <Field label="Company (optional)" name="company" autoComplete="organization" maxLength={100} />
      <EmailField />
      <NewPasswordField />
    </Form>
  );
}
