import { signUp, stranger } from "../browser/person.mjs";
import { story } from "../browser/story.mjs";

export default (stage) =>
  story(stage, "Whom an API refuses can sign in again, though the session is good", async ({ mails, visit }) => {
    const ann = stranger();
    const visitor = await visit("ann");
    await signUp(visitor, ann, mails);
    await visitor.goto("/sign-in?next=%2Faccount"); // with a session there is nothing to do
    await visitor.arrives("/account");
    await visitor.goto("/sign-in?next=%2Faccount&notice=sign-in-again");
    await visitor.sees("Please sign in again to go on.");
    await visitor.shot("asked-again");
    await visitor.fill("E-mail", ann.email);
    await visitor.fill("Password", ann.password);
    await visitor.press("Sign in");
    await visitor.arrives("/account");
    await visitor.sees("This device");
  });
