import { chromium } from "playwright-core";

/** Debian's browser, unless CHROMIUM names another, talking to nobody but the programs of the test. */
export function launchBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: !process.env.HEADED,
    slowMo: process.env.HEADED ? 250 : 0,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
  });
}
