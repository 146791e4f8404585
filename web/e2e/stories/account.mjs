import { signUp, stranger, trySignIn } from "../browser/person.mjs";
import { story } from "../browser/story.mjs";

export default (stage) => {
  story(stage, "Name and address are changed", async ({ mails, visit }) => {
    const [ann, later] = [stranger(), stranger("Anna")];
    const visitor = await visit("ann");
    await signUp(visitor, ann, mails);
    await visitor.follow("Account");

    const profile = visitor.section("Profile");
    await profile.fill("Name", later.name);
    await profile.fill("Company (optional)", "Acme");
    await profile.press("Save profile");
    await profile.sees("Your profile is saved.");

    const address = visitor.section("E-mail address");
    await address.fill("New e-mail", later.email);
    await address.press("Change e-mail");
    await address.sees("We have sent a link to");
    await visitor.shot("link-sent");
    const { link } = await mails.next(later.email);
    await visitor.goto(link);
    await visitor.arrives("/account");
    await visitor.sees("Your e-mail address is changed.");
    await address.sees(later.email.toLowerCase());
    await visitor.shot("address-changed");
    await visitor.follow("Dashboard");
    await visitor.sees(`Signed in as ${later.name}`);
  });

  story(stage, "An account is deleted", async ({ mails, visit }) => {
    const ann = stranger();
    const visitor = await visit("ann");
    await signUp(visitor, ann, mails);
    await visitor.follow("Account");
    const form = visitor.section("Delete account");
    await form.fill("Your password", ann.password);
    await form.tick("Yes, delete my account for good");
    await visitor.shot("sure");
    await form.press("Delete account");
    await visitor.sees("Your account is deleted.");
    await visitor.shot("deleted");
    visitor.expects(/sign-in\/email: 401/);
    await trySignIn(visitor, ann);
    await visitor.sees("The e-mail address or the password is not right.");
  });
};
