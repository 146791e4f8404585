import { focusOnMount } from "@/components/focus";
import { CodeField, codeOf } from "@/components/form/fields";
import { Form } from "@/components/form/form";
import { ask } from "@/lib/ask";
import { authClient } from "@/lib/auth-client";
import { QrCode } from "./qr-code";

/** What the server gives somebody who begins: the secret for the app, and the codes for the day that it is lost. */
export interface Enrolment {
  totpURI: string;
  backupCodes: string[];
}

interface Props {
  enrolment: Enrolment;
  confirmed: (enrolment: Enrolment) => void;
  cancel: () => void;
}

/** Two-factor is on only when a code has shown that the app has the secret. */
export function SetUp({ enrolment, confirmed, cancel }: Props) {
  async function send(values: FormData) {
    const proof = { code: codeOf(values) };
    const { problem } = await ask((options) => authClient.twoFactor.verifyTotp(proof, options));
    if (problem) return { problem };
    confirmed(enrolment);
  }

  const secret = new URL(enrolment.totpURI).searchParams.get("secret") ?? "";
  return (
    <Form submit="Turn on two-factor" cancel={cancel} send={send}>
      <p tabIndex={-1} ref={focusOnMount}>
        Scan this with your authenticator app, or type the secret into it. Then enter the code that the app shows.
      </p>
      <QrCode text={enrolment.totpURI} label="QR code with the secret for your authenticator app" />
      <dl>
        <dt>Secret</dt>
        <dd>
          <code className="secret">{secret}</code>
        </dd>
      </dl>
      <CodeField />
    </Form>
  );
}
