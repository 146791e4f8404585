import { meaningOf } from "./api-error";
import { retryText } from "./retry-text";

/** What went wrong, in words for the person at the screen, and the field of the form that it is about. */
export interface Problem {
  message: string;
  code?: string;
  field?: string;
}

/** The parts of the server's error that are looked at, and the seconds that a 429 says to wait. */
export interface ServerError {
  status: number;
  code?: string;
  message?: string;
  retryAfter?: number | null;
}

// Forms name fields alike: `password` is one that exists, `newPassword` one that is being chosen.
const words: Record<string, Omit<Problem, "code">> = {
  ACCESS_DENIED: { message: "You did not let the other site tell us who you are." },
  ACCOUNT_ALREADY_LINKED_TO_DIFFERENT_USER: { message: "That account is a way into somebody else's account here." },
  ACCOUNT_NOT_LINKED: {
    message: "There is an account with this address already. Sign in to it as you did before, then add this way on its page.",
  },
  ACCOUNT_TEMPORARILY_LOCKED: { message: "There were too many wrong codes. Wait a while, then try again." },
  BANNED_USER: { message: "This account is blocked." },
  EMAIL_ALREADY_VERIFIED: { message: "This address is already confirmed. You can sign in.", field: "email" },
  EMAIL_DOES_NOT_MATCH: { message: "That account has another e-mail address than yours here." },
  EMAIL_NOT_FOUND: { message: "The other site did not tell us your e-mail address, which we need." },
  EMAIL_NOT_VERIFIED: { message: "This address is not confirmed yet. The link is in the mail that we sent you." },
  FAILED_TO_UNLINK_LAST_ACCOUNT: { message: "This is the only way in that you have. Add another one first." },
  INVALID_BACKUP_CODE: { message: "This backup code is not right, or it was used before.", field: "code" },
  INVALID_CODE: { message: "This code is not right. Take the one that your app shows now.", field: "code" },
  INVALID_EMAIL: { message: "This is not an e-mail address.", field: "email" },
  INVALID_EMAIL_OR_PASSWORD: { message: "The e-mail address or the password is not right." },
  INVALID_PASSWORD: { message: "The password is not right.", field: "password" },
  INVALID_TOKEN: { message: "This link is not valid. It may have been used before." },
  INVALID_TWO_FACTOR_COOKIE: { message: "This took too long. Please sign in again." },
  PASSWORD_TOO_LONG: { message: "This password is too long.", field: "newPassword" },
  PASSWORD_TOO_SHORT: { message: "This password is too short.", field: "newPassword" },
  POPUP_BLOCKED: { message: "Your browser did not open the window. Allow this site to open some, then try again." },
  POPUP_CLOSED: { message: "The window was closed before you were signed in." },
  POPUP_TIMEOUT: { message: "This took too long. Please try again." },
  PROVIDER_NOT_FOUND: { message: "Nobody can sign in this way here." },
  SESSION_EXPIRED: { message: "Please sign in again to do this." },
  SESSION_NOT_FRESH: { message: "Please sign in again to do this." },
  SIGNUP_DISABLED: { message: "There is no account yet that this would sign you in to." },
  STATE_MISMATCH: { message: "This took too long, or was begun elsewhere. Please try again." },
  STATE_NOT_FOUND: { message: "This took too long, or was begun elsewhere. Please try again." },
  TOKEN_EXPIRED: { message: "This link is too old." },
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: { message: "There were too many wrong codes. Please sign in again." },
  UNABLE_TO_LINK_ACCOUNT: { message: "This way in could not be added. Confirm your e-mail address at the other site first." },
  USER_ALREADY_EXISTS: { message: "There is an account with this address already.", field: "email" },
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: {
    message: "There is an account with this address already.",
    field: "email",
  },
};

/** What is said of a code without words of its own that another site, and not a link, came back with. */
export const didNotWork = "That did not work. Please try again.";

/**
 * The words for an error code, such as one that a mailed link comes back with, or another site. Nothing else of such an
 * address is shown: anybody can write one.
 */
export function problemOfCode(code: string, otherwise = "Something went wrong with this link."): Problem {
  const known = words[code.toUpperCase()];
  return { message: otherwise, ...known, code: code.toUpperCase() };
}

/** The words for what the server answered. A code that has none here is told in the server's own. */
export function problemOf({ status, code, message, retryAfter }: ServerError): Problem {
  if (status === 429) return { message: retryText(retryAfter), code };
  const known = code === "VALIDATION_ERROR" ? invalidField(message) : words[(code ?? "").toUpperCase()];
  return { message: message || meaningOf(status), ...known, code };
}

/** "[body.email] Invalid email address" says which field is meant, and what is wrong with it. */
function invalidField(message = ""): Omit<Problem, "code"> | undefined {
  const [, field, what] = /^\[body\.(\w+)\] (.+)$/.exec(message) ?? [];
  return what ? { message: `${what}.`, field } : undefined;
}

/** No answer came at all. */
export const unreachable: Problem = {
  message: "The server cannot be reached. Check your connection, then try again.",
  code: "UNREACHABLE",
};
