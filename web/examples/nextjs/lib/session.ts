import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { authClient, type Session } from "./auth-client";
import { signInPath } from "./return-path";

/** One way to sign in. Its provider is "credential" for a password. */
export interface LoginMethod {
  id: string;
  providerId: string;
}

/**
 * The session of the request, or null when nobody is signed in. It asks sallyport, once for each request however many
 * components ask, and throws when sallyport does not answer: an outage is no sign-out.
 */
export const getSession = cache(async (): Promise<Session | null> => {
  const { data, error } = await authClient.getSession({
    // A server component cannot pass on the cookie that an extended session comes with. The browser's own request
    // (useSession) extends it instead.
    query: { disableRefresh: true },
    fetchOptions: { headers: await handedOn(), cache: "no-store" },
  });
  if (error) throw new Error(`The session could not be checked: sallyport answered ${error.status}.`);
  return data;
});

/** The session of the request; whoever has none is sent to sign in and comes back to the path. */
export async function requireSession(path = "/dashboard"): Promise<Session> {
  return (await getSession()) ?? redirect(signInPath(path));
}

/** The ways in which the user of the request can sign in: a password, accounts at other sites. */
export async function listLoginMethods(): Promise<LoginMethod[]> {
  const { data, error } = await authClient.listAccounts({
    fetchOptions: { headers: await handedOn(), cache: "no-store" },
  });
  if (error) throw new Error(`The login methods could not be read: sallyport answered ${error.status}.`);
  return data.map(({ id, providerId }) => ({ id, providerId }));
}

/** What sallyport has to know of the browser: its cookies, and the address that rate limits count. */
async function handedOn(): Promise<Headers> {
  const request = await headers();
  const handed = new Headers();
  for (const name of ["cookie", "x-forwarded-for"]) {
    const value = request.get(name);
    if (value !== null) handed.set(name, value);
  }
  return handed;
}
