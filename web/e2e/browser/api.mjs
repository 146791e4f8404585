import assert from "node:assert/strict";

/** A JWT of whoever is signed in, fetched as the page does. */
export async function tokenOf(visitor, setup) {
  const { token } = await visitor.page.evaluate(async (url) => {
    const answer = await fetch(url, { credentials: "include" });
    return answer.json();
  }, `${setup.browserAuth}/api/auth/token`);
  assert.ok(token, "a token is given");
  return token;
}

/** Calls the tasks service as a program with that token would. */
export async function callAPI(setup, path, token, { method = "GET", body } = {}) {
  const answer = await fetch(setup.api + path, {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json().catch(() => undefined) };
}

/** The claims of a token, unverified: what a test looks at. */
export const claimsOf = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));

/** Notes the token of every call that the page makes to the tasks service. */
export function watchTokens(visitor, setup) {
  const tokens = [];
  visitor.page.on("request", (request) => {
    const header = request.headers().authorization;
    if (header && request.url().startsWith(setup.api)) tokens.push(header.replace("Bearer ", ""));
  });
  return tokens;
}

/** The status of the answer to the next call of that path, which act brings about. */
export async function answered(visitor, path, act) {
  const [answer] = await Promise.all([visitor.page.waitForResponse((response) => response.url().endsWith(path)), act()]);
  return answer.status();
}

/** Waits until look gives true. */
export async function until(look, what, patience = 30_000) {
  const deadline = Date.now() + patience;
  while (!(await look())) {
    assert.ok(Date.now() < deadline, `in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
