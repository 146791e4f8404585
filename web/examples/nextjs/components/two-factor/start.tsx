import { PasswordField, Username } from "@/components/form/fields";
import { Form } from "@/components/form/form";
import { ask } from "@/lib/ask";
import { authClient } from "@/lib/auth-client";
import { text } from "@/lib/form-data";
import type { Enrolment } from "./set-up";

interface Props {
  email: string;
  started: (enrolment: Enrolment) => void;
}

export function Start({ email, started }: Props) {
  async function send(values: FormData) {
    const proof = { password: text(values, "password") };
    const { data, problem } = await ask((options) => authClient.twoFactor.enable(proof, options));
    if (problem) return { problem };
    if (!("totpURI" in data)) throw new Error("The server has begun another way than an authenticator app.");
    started(data);
  }

  return (
    <Form submit="Set up two-factor" send={send}>
      <p>
        Two-factor is off. With it, signing in takes your password and a code from an authenticator app on your phone.
      </p>
      <Username email={email} />
      <PasswordField label="Your password" />
    </Form>
  );
}
