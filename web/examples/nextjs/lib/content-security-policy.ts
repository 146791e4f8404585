/**
 * What a page may load: what this application serves, and nothing inline but what carries the nonce. Next.js reads the
 * nonce from the request's header and puts it on its own scripts and styles.
 */
export function contentSecurityPolicy(nonce: string, development: boolean): string {
  const nonceOrOwn = `'self' 'nonce-${nonce}'`;
  return [
    "default-src 'self'",
    // The development server evaluates code and inserts styles; the built application does neither.
    `script-src ${nonceOrOwn} 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    `style-src ${development ? "'self' 'unsafe-inline'" : nonceOrOwn}`,
    "img-src 'self' data:",
    `connect-src ${["'self'", ...otherOrigins()].join(" ")}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The API, and sallyport where it has an origin of its own. */
function otherOrigins(): string[] {
  const urls = [process.env.NEXT_PUBLIC_API_URL || "http://localhost:8000", process.env.NEXT_PUBLIC_AUTH_URL];
  return urls.flatMap((url) => (url ? [new URL(url).origin] : []));
}
