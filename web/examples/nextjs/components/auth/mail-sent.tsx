import { focusOnMount } from "@/components/focus";
import { ResendForm } from "./resend-form";

/** What comes after signing up. It says the same whether or not the address had an account: that is nobody's business. */
export function MailSent({ email }: { email: string }) {
  return (
    <>
      <p className="message done" role="status" tabIndex={-1} ref={focusOnMount}>
        Look into your mail: we have sent a link to <strong>{email}</strong>. Open it to finish.
      </p>
      <p className="hint">Nothing there after a few minutes? Look into the spam folder, or ask for a new mail.</p>
      <ResendForm email={email} />
    </>
  );
}
