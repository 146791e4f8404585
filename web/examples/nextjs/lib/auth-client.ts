import { inferAdditionalFields, jwtClient, oauthPopupClient, twoFactorClient } from "better-auth/client/plugins";
import { createAuthClient } from "better-auth/react";
import { currentReturnPath, twoFactorPath } from "./return-path";

/** The client of sallyport, in the browser and on the Next.js server alike. */
export const authClient = createAuthClient({
  baseURL: authOrigin(),
  plugins: [
    jwtClient(),
    oauthPopupClient(),
    // A whole page load, so that nothing of the page before the second factor stays in memory.
    twoFactorClient({ onTwoFactorRedirect: () => window.location.assign(twoFactorPath(currentReturnPath())) }),
    // What the server's configuration adds to a user: `company` is from user.additionalFields, `role` from the
    // plugin admin. Nobody may set their own role.
    inferAdditionalFields({
      user: {
        company: { type: "string", required: false },
        role: { type: "string", required: false, input: false },
      },
    }),
  ],
});

/** A session with its user, as pages get it. */
export type Session = typeof authClient.$Infer.Session;
export type User = Session["user"];

/** The Next.js server reaches sallyport at an address that browsers need not know. */
function authOrigin(): string {
  if (typeof window === "undefined") return process.env.AUTH_URL || "http://localhost:8080";
  return process.env.NEXT_PUBLIC_AUTH_URL || window.location.origin;
}
