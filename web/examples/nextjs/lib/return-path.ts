// Pages that interrupt somebody keep where that person wanted to go in `?next=`. It comes from the address bar, so
// anybody can write it: only paths of this application count.

const start = "/dashboard";

/** The path to go on to after signing in, from the value of `next`. */
export function returnPath(next: string | null | undefined): string {
  if (!next?.startsWith("/")) return start;
  // Browsers read "//host", "/\host" and "/<tab>/host" as another site; the parser knows all of these.
  const base = "http://application.invalid";
  if (!URL.canParse(next, base)) return start;
  const url = new URL(next, base);
  const path = url.pathname + url.search + url.hash;
  return url.origin === base && !path.startsWith("//") ? path : start; // "/.//host" becomes "//host"
}

/** The sign-in page that leads back to a path. */
export function signInPath(next: string): string {
  return `/sign-in?${new URLSearchParams({ next: returnPath(next) })}`;
}

/**
 * The sign-in page for somebody whom an API refuses. It shows its form even to those who have a session: if it sent
 * them back, and the API still refused them, the two pages would take turns for ever.
 */
export function signInAgainPath(next: string): string {
  return `${signInPath(next)}&notice=sign-in-again`;
}

/** The page of the second factor that leads on to a path. */
export function twoFactorPath(next: string): string {
  return `/two-factor?${new URLSearchParams({ next: returnPath(next) })}`;
}

/** In the browser: where the page at hand leads to, from its own `?next=`. */
export function currentReturnPath(): string {
  return returnPath(new URLSearchParams(window.location.search).get("next"));
}
