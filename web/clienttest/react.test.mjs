// The React client: useSession in a rendered component.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Window } from "happy-dom";
import { createBrowser } from "./browser.mjs";
import { authURL, pageOrigin, stranger } from "./target.mjs";

// React and the client look for a page when they are loaded, so it comes first.
const window = new Window({ url: pageOrigin });
Object.assign(globalThis, { window, document: window.document });
globalThis.navigator ??= window.navigator;
after(() => window.happyDOM.close());
const { createElement, useEffect } = await import("react");
const { createRoot } = await import("react-dom/client");
const { createAuthClient } = await import("better-auth/react");
const { jwtClient } = await import("better-auth/client/plugins");

/** Renders useSession of a new client; `seen` grows by what each rendering showed, repetitions left out. */
function renderSession(t) {
  const authClient = createAuthClient({
    baseURL: authURL,
    plugins: [jwtClient()],
    fetchOptions: { customFetchImpl: createBrowser(pageOrigin).fetch },
  });
  const seen = [];
  function Greeting() {
    const { data, isPending, error } = authClient.useSession();
    const text = error ? `error ${error.status}` : isPending ? "pending" : data ? data.user.name : "nobody";
    useEffect(() => {
      seen.push(text);
    }, [text]);
    return createElement("p", null, text);
  }
  const container = document.body.appendChild(document.createElement("div"));
  const root = createRoot(container);
  root.render(createElement(Greeting));
  t.after(() => root.unmount());
  return { authClient, seen, shows: (text) => until(() => container.textContent === text, () => seen) };
}

/** Waits for a condition; after 10 seconds the test fails with what was there instead. */
async function until(condition, found) {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) assert.fail(`still ${JSON.stringify(found())}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("useSession follows sign-up, sign-out and sign-in by itself", async (t) => {
  const { authClient, seen, shows } = renderSession(t);
  await shows("nobody");

  const person = stranger();
  await authClient.signUp.email(person);
  await shows(person.name);

  await authClient.signOut();
  await shows("nobody");

  const wrong = await authClient.signIn.email({ email: person.email, password: "not the password" });
  assert.equal(wrong.error.code, "INVALID_EMAIL_OR_PASSWORD");
  await authClient.signIn.email({ email: person.email, password: person.password });
  await shows(person.name);

  const withoutPending = seen.filter((text) => text !== "pending");
  assert.equal(seen[0], "pending");
  assert.deepEqual(withoutPending, ["nobody", person.name, "nobody", person.name]);
});

test("useSession shows nobody after revokeSessions", async (t) => {
  const { authClient, shows } = renderSession(t);
  const person = stranger();
  await authClient.signUp.email(person);
  await shows(person.name);
  await authClient.revokeSessions();
  await shows("nobody");
});

test("useSession follows updateUser and deleteUser by itself", async (t) => {
  const { authClient, shows } = renderSession(t);
  const person = stranger();
  await authClient.signUp.email(person);
  await shows(person.name);
  await authClient.updateUser({ name: "Grace" });
  await shows("Grace");
  await authClient.deleteUser({ password: person.password });
  await shows("nobody");
});

test("the React client gets tokens too", async (t) => {
  const { authClient } = renderSession(t);
  const { data } = await authClient.signUp.email(stranger());
  const { token } = (await authClient.token()).data;
  assert.equal(JSON.parse(Buffer.from(token.split(".")[1], "base64url")).sub, data.user.id);
});
