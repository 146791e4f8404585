import { randomUUID } from "node:crypto";

/** Somebody without an account. The address has a capital on purpose: it is stored in lower case. */
export function stranger(name = "Ann") {
  const id = randomUUID();
  return { name: `${name} ${id.slice(0, 4)}`, email: `${name}-${id}@example.com`, password: `pass-${id}` };
}

/** Fills the form of a new account. The mail that it sends is on its way then. */
export async function askForAccount(visitor, person) {
  await visitor.goto("/sign-up");
  await visitor.fill("Name", person.name);
  await visitor.fill("E-mail", person.email);
  await visitor.fill("Password", person.password);
  await visitor.press("Create account");
  await visitor.sees("we have sent a link to");
}

/** An account, with the mailed link opened, which signs in: it ends at the dashboard. */
export async function signUp(visitor, person, mails) {
  await askForAccount(visitor, person);
  const { link } = await mails.next(person.email);
  await visitor.goto(link);
  await visitor.arrives("/dashboard");
  await visitor.sees(`Signed in as ${person.name}`);
}

/** Fills the form and sends it, whatever comes of it. */
export async function trySignIn(visitor, { email, password }) {
  await visitor.goto("/sign-in");
  await visitor.fill("E-mail", email);
  await visitor.fill("Password", password);
  await visitor.press("Sign in");
}

export async function signIn(visitor, person) {
  await trySignIn(visitor, person);
  await visitor.arrives("/dashboard");
  await visitor.sees(`Signed in as ${person.name}`);
}

export async function signOut(visitor) {
  await visitor.press("Sign out");
  await visitor.arrives("/sign-in");
  await visitor.sees("You are signed out.");
}
