"use client";

import { useState } from "react";
import { Checkbox } from "@/components/form/checkbox";
import { Field } from "@/components/form/field";
import { CodeField, codeOf } from "@/components/form/fields";
import { Form } from "@/components/form/form";
import { ask } from "@/lib/ask";
import { authClient } from "@/lib/auth-client";
import { ticked } from "@/lib/form-data";
import { loadPage } from "@/lib/navigate";
import { currentReturnPath } from "@/lib/return-path";

export function TwoFactorForm() {
  const [backup, setBackup] = useState(false);

  async function send(values: FormData) {
    const proof = { code: codeOf(values), trustDevice: ticked(values, "trustDevice") };
    const { twoFactor } = authClient;
    const { problem } = await ask((options) =>
      backup ? twoFactor.verifyBackupCode(proof, options) : twoFactor.verifyTotp(proof, options),
    );
    return problem ? { problem } : loadPage(currentReturnPath());
  }

  return (
    <>
      <Form key={String(backup)} submit="Continue" send={send}>
        {backup ? <BackupCodeField /> : <CodeField />}
        <Checkbox label="Trust this device" name="trustDevice" />
      </Form>
      <button type="button" className="link" onClick={() => setBackup(!backup)}>
        {backup ? "Use the app's code instead" : "Use a backup code instead"}
      </button>
    </>
  );
}

function BackupCodeField() {
  return (
    <Field
      label="Backup code"
      name="code"
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      required
      hint="One of the codes that you kept when you turned two-factor on. Each is good once."
    />
  );
}
