import { CookieJar } from "tough-cookie";

/**
 * A fetch that keeps cookies and names its page as a browser does, for a page
 * of the given origin. The jar honours Domain, Path, Secure, Expires and
 * Max-Age. Whether other origins may read an answer (CORS) is left to the
 * tests in a real browser.
 */
export function createBrowser(origin) {
  const jar = new CookieJar();

  async function browserFetch(input, init = {}) {
    const headers = new Headers(init.headers);
    headers.set("origin", origin);
    const keepsCookies = init.credentials !== "omit";
    const cookies = keepsCookies ? await jar.getCookieString(String(input)) : "";
    if (cookies) headers.set("cookie", cookies);

    const response = await fetch(input, { ...init, headers });
    if (keepsCookies) {
      for (const line of response.headers.getSetCookie()) await jar.setCookie(line, response.url);
    }
    return response;
  }

  /** The cookie of that name, with its attributes, that would go to the URL. */
  async function cookie(name, url) {
    return (await jar.getCookies(url)).find((c) => c.key === name);
  }

  return { fetch: browserFetch, cookie, jar };
}
