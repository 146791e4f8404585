const words = {
  "account-deleted": "Your account is deleted.",
  "email-changed": "Your e-mail address is changed.",
  "method-added": "You can sign in this way from now on.",
  "password-set": "Your new password is set. Sign in with it.",
  "sign-in-again": "Please sign in again to go on.",
  "signed-out": "You are signed out.",
};

/** What `?notice=` of the address stands for. The words are here: an address must not put any into the page. */
export function Notice({ of }: { of: string | string[] | undefined }) {
  if (typeof of !== "string" || !Object.hasOwn(words, of)) return null;
  return (
    <p className="message done" role="status">
      {words[of as keyof typeof words]}
    </p>
  );
}
