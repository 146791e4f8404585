import { PasswordField, Username } from "@/components/form/fields";
import { Form } from "@/components/form/form";
import { ask } from "@/lib/ask";
import { authClient } from "@/lib/auth-client";
import { text } from "@/lib/form-data";

interface Props {
  email: string;
  showCodes: (codes: string[]) => void;
  disabled: () => void;
}

export function Manage({ email, showCodes, disabled }: Props) {
  async function renew(values: FormData) {
    const proof = { password: text(values, "password") };
    const { data, problem } = await ask((options) => authClient.twoFactor.generateBackupCodes(proof, options));
    if (problem) return { problem };
    showCodes(data.backupCodes);
  }
  async function disable(values: FormData) {
    const proof = { password: text(values, "password") };
    const { problem } = await ask((options) => authClient.twoFactor.disable(proof, options));
    if (problem) return { problem };
    disabled();
  }

  return (
    <>
      <p>Two-factor is on: signing in takes your password and a code.</p>
      <details>
        <summary>New backup codes</summary>
        <Form submit="Make new codes" send={renew}>
          <p>The codes that you have now stop working.</p>
          <Username email={email} />
          <PasswordField label="Your password" />
        </Form>
      </details>
      <details>
        <summary>Turn off two-factor</summary>
        <Form submit="Turn off" look="danger" send={disable}>
          <Username email={email} />
          <PasswordField label="Your password" />
        </Form>
      </details>
    </>
  );
}
