import { text } from "@/lib/form-data";
import { Field } from "./field";

// What password managers need to know is the same in every form, and so are the names that problems refer to.

export function EmailField({ label = "E-mail" }: { label?: string }) {
  return <Field label={label} name="email" type="email" autoComplete="username" required maxLength={254} />;
}

/** The password that the user has. */
export function PasswordField({ label = "Password" }: { label?: string }) {
  return <Field label={label} name="password" type="password" autoComplete="current-password" required />;
}

/** A password that the user chooses. The limits are the server's own. */
export function NewPasswordField({ label = "Password" }: { label?: string }) {
  return (
    <Field
      label={label}
      name="newPassword"
      type="password"
      autoComplete="new-password"
      required
      minLength={8}
      maxLength={128}
      hint="At least 8 characters."
    />
  );
}

/** The six digits of an authenticator app. */
export function CodeField({ label = "Code" }: { label?: string }) {
  return (
    <Field
      label={label}
      name="code"
      inputMode="numeric"
      autoComplete="one-time-code"
      pattern="[0-9 ]{6,7}"
      title="six digits"
      required
      hint="The six digits that your authenticator app shows."
    />
  );
}

/** The code without the spaces that apps show in its middle. */
export function codeOf(values: FormData): string {
  return text(values, "code").replaceAll(/\s/g, "");
}

/** Tells password managers whose password a form changes. Nobody sees it. */
export function Username({ email }: { email: string }) {
  return <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />;
}
