import { signIn, signUp, stranger, trySignIn } from "../browser/person.mjs";
import { story } from "../browser/story.mjs";

export default (stage) => {
  story(stage, "A forgotten password is set anew by mail", async ({ mails, visit }) => {
    const ann = stranger();
    const [visitor, elsewhere] = [await visit("ann"), await visit("elsewhere")];
    await signUp(elsewhere, ann, mails);

    await visitor.goto("/sign-in");
    await visitor.follow("Forgot your password?");
    await visitor.arrives("/forgot-password");
    await visitor.fill("E-mail", ann.email);
    await visitor.press("Send the link");
    await visitor.sees("a mail with a link is on its way");
    await visitor.shot("asked");
    const { link } = await mails.next(ann.email);
    await visitor.goto(link);
    await visitor.arrives("/reset-password");
    await visitor.fill("New password", `new-${ann.password}`);
    await visitor.shot("new-password");
    await visitor.press("Set password");
    await visitor.arrives("/sign-in");
    await visitor.sees("Your new password is set");

    visitor.expects(/sign-in\/email: 401/);
    await trySignIn(visitor, ann);
    await visitor.sees("The e-mail address or the password is not right.");
    await visitor.shot("old-password");
    await signIn(visitor, { ...ann, password: `new-${ann.password}` });

    await elsewhere.follow("Account"); // whoever knew the old password is out
    await elsewhere.arrives("/sign-in");
    await visitor.goto(link);
    await visitor.sees("This link is not valid");
    await visitor.shot("used-link");
  });

  story(stage, "A password is changed, and other devices are out", async ({ mails, visit }) => {
    const ann = stranger();
    const [visitor, elsewhere] = [await visit("ann"), await visit("elsewhere")];
    await signUp(visitor, ann, mails);
    await signIn(elsewhere, ann);

    await visitor.follow("Account");
    const form = visitor.section("Password");
    visitor.expects(/change-password: 400/);
    await form.fill("Current password", "not the right one");
    await form.fill("New password", `new-${ann.password}`);
    await form.press("Change password");
    await form.sees("The password is not right.");
    await visitor.shot("refused");
    await form.fill("Current password", ann.password);
    await form.press("Change password");
    await form.sees("Your password is changed.");
    await visitor.shot("changed");

    await elsewhere.follow("Account");
    await elsewhere.arrives("/sign-in");
    await visitor.page.reload();
    await visitor.sees("This device");
  });
};
