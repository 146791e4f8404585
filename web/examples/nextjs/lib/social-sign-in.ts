import { ask } from "./ask";
import { authClient } from "./auth-client";
import { left, loadPage, pageURL } from "./navigate";
import type { Problem } from "./problem";
import { currentReturnPath, returnPath } from "./return-path";
import type { SocialProvider } from "./social-providers";

/** Signs in with another site, and gives a problem if that did not lead away from this page. */
export function signInWith(provider: SocialProvider, requestSignUp?: boolean): Promise<Problem | undefined> {
  return provider.popup ? inWindow(provider.id, requestSignUp) : inPlace(provider.id, requestSignUp);
}

/** The page goes to the other site. The browser comes back to where it wanted, or here, with `?error=`. */
async function inPlace(provider: string, requestSignUp?: boolean): Promise<Problem | undefined> {
  const wanted = { provider, requestSignUp, callbackURL: pageURL(currentReturnPath()), errorCallbackURL: pageURL(here()) };
  const { problem } = await ask((options) => authClient.signIn.social(wanted, options));
  if (!problem) await left(); // the client has sent the browser away
  return problem;
}

/** A window goes there and comes back; this page stays as it is meanwhile. Browsers open one on a click alone. */
async function inWindow(provider: string, requestSignUp?: boolean): Promise<Problem | undefined> {
  const { problem } = await ask(async () => {
    const { data, error } = await authClient.signIn.popup({ provider, requestSignUp });
    return { data, error: error && { status: 0, code: error.code } }; // its words are those of the other site
  });
  if (!problem) await loadPage(currentReturnPath());
  return problem;
}

/** Adds a way to sign in to the account at hand. It ends at the account page. */
export async function addMethod(provider: string): Promise<Problem | undefined> {
  const wanted = { provider, callbackURL: pageURL("/account?notice=method-added"), errorCallbackURL: pageURL("/account") };
  const { problem } = await ask((options) => authClient.linkSocial(wanted, options));
  if (!problem) await left();
  return problem;
}

/** This page without what it says at the moment. */
function here(): string {
  const { pathname, search } = window.location;
  const next = new URLSearchParams(search).get("next");
  return next ? `${pathname}?${new URLSearchParams({ next: returnPath(next) })}` : pathname;
}
