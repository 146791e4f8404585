"use client";

import { useRouter } from "next/navigation";
import { Field } from "@/components/form/field";
import { Form } from "@/components/form/form";
import { ask } from "@/lib/ask";
import { authClient, type User } from "@/lib/auth-client";
import { text } from "@/lib/form-data";

export function ProfileForm({ user }: { user: User }) {
  const router = useRouter();

  async function send(values: FormData) {
    const profile = { name: text(values, "name").trim(), company: text(values, "company").trim() };
    const { problem } = await ask((options) => authClient.updateUser(profile, options));
    if (problem) return { problem };
    router.refresh();
    return { done: "Your profile is saved." };
  }

  return (
    <Form submit="Save profile" keepValues send={send}>
      <Field label="Name" name="name" autoComplete="name" defaultValue={user.name} required maxLength={100} />
      <Field
        label="Company (optional)"
        name="company"
        autoComplete="organization"
        defaultValue={user.company ?? ""}
        maxLength={100}
      />
    </Form>
  );
}
