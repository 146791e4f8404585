import { Part } from "./part.mjs";

/** The form of the other site, once it is there, in the visitor's tab or in a window. */
async function formOf(page) {
  const form = new Part(page);
  await form.sees("of the tests");
  return form;
}

/** Signs in at the other site. */
export async function allow(page, { name, email, confirmed = true }) {
  const form = await formOf(page);
  await form.fill("E-mail", email);
  await form.fill("Name", name);
  if (!confirmed) await form.tick("Nobody has confirmed this address");
  await form.press("Allow");
}

export async function refuse(page) {
  const form = await formOf(page);
  await form.press("Refuse");
}

/** The window that opens when a button is pressed. */
export async function windowOf(visitor, button) {
  const [window] = await Promise.all([visitor.page.waitForEvent("popup"), visitor.press(button)]);
  return window;
}
