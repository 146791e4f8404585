/** As much of a browser as the client needs: a page's location, and a fetch that keeps the cookies of one host. */
export function createBrowser(origin: string) {
  const cookies = new Map<string, string>();
  const asked: string[] = [];
  const location = { origin, pathname: "/dashboard", search: "?list=1", assign: (_path: string) => {}, reload: () => {} };

  async function fetchWithCookies(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (init.credentials !== "include") return globalFetch(input, init);
    asked.push(new URL(String(input)).pathname);
    headers.set("origin", origin);
    headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await globalFetch(input, { ...init, headers });
    for (const line of response.headers.getSetCookie()) keep(line);
    return response;
  }

  function keep(line: string): void {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/max-age=0/i.test(line)) cookies.delete(name);
    else cookies.set(name, value);
  }

  return { fetch: fetchWithCookies, asked, location, forgetCookies: () => cookies.clear() };
}

const globalFetch = globalThis.fetch;
