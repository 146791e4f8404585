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
  ACCOUNT_TEMPORARILY_LOCKED: { message: "There were too many wrong codes. Wait a while, then try again." },
  BANNED_USER: { message: "This account is blocked." },
  EMAIL_ALREADY_VERIFIED: { message: "This address is already confirmed. You can sign in.", field: "email" },
  EMAIL_NOT_VERIFIED: { message: "This address is not confirmed yet. The link is in the mail that we sent you." },
  INVALID_BACKUP_CODE: { message: "This backup code is not right, or it was used before.", field: "code" },
  INVALID_CODE: { message: "This code is not right. Take the one that your app shows now.", field: "code" },
  INVALID_EMAIL: { message: "This is not an e-mail address.", field: "email" },
  INVALID_EMAIL_OR_PASSWORD: { message: "The e-mail address or the password is not right." },
  INVALID_PASSWORD: { message: "The password is not right.", field: "password" },
  INVALID_TOKEN: { message: "This link is not valid. It may have been used before." },
  INVALID_TWO_FACTOR_COOKIE: { message: "This took too long. Please sign in again." },
  PASSWORD_TOO_LONG: { message: "This password is too long.", field: "newPassword" },
  PASSWORD_TOO_SHORT: { message: "This password is too short.", field: "newPassword" },
  SESSION_EXPIRED: { message: "Please sign in again to do this." },
  SESSION_NOT_FRESH: { message: "Please sign in again to do this." },
  TOKEN_EXPIRED: { message: "This link is too old." },
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: { message: "There were too many wrong codes. Please sign in again." },
  USER_ALREADY_EXISTS: { message: "There is an account with this address already.", field: "email" },
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: {
    message: "There is an account with this address already.",
    field: "email",
  },
};

/** The words for an error code, such as one that a mailed link comes back with. */
export function problemOfCode(code: string): Problem {
  const known = words[code.toUpperCase()];
  return { message: "Something went wrong with this link.", ...known, code: code.toUpperCase() };
}

/** The words for what the server answered. A code that has none here is told in the server's own. */
export function problemOf({ status, code, message, retryAfter }: ServerError): Problem {
  if (status === 429) return { message: retryText(retryAfter), code };
  const known = code === "VALIDATION_ERROR" ? invalidField(message) : words[code ?? ""];
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
