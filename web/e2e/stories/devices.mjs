import { signIn, signUp, stranger } from "../browser/person.mjs";
import { story } from "../browser/story.mjs";

const firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

export default (stage) =>
  story(stage, "A second device is listed and signed out from the first", async ({ mails, visit }) => {
    const ann = stranger();
    const [laptop, office] = [await visit("laptop"), await visit("office", { userAgent: firefox })];
    await signUp(laptop, ann, mails);
    await signIn(office, ann);

    await laptop.follow("Account");
    const devices = laptop.section("Where you are signed in");
    await devices.sees("This device");
    await devices.sees("Firefox on Windows");
    await devices.sees(office.address);
    await laptop.shot("two-devices");
    await devices.press("Sign out Firefox on Windows");
    await devices.sees("That device is signed out.");
    await devices.seesNoMore("Firefox on Windows");
    await laptop.shot("one-device");

    await office.follow("Account");
    await office.arrives("/sign-in");
    await office.shot("is-out");
    await laptop.page.reload();
    await devices.sees("This device");
  });
