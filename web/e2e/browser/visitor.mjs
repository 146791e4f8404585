import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { clientAddress } from "./client-address.mjs";
import { Part } from "./part.mjs";

let visitors = 0;

/** Somebody at a browser that knows nothing yet, at a client address of its own. */
export async function openVisitor(browser, { name, origin, folder, options = {} }) {
  const n = ++visitors;
  const address = `127.7.${n >> 8}.${n & 255}`;
  const network = await clientAddress(address);
  const context = await browser.newContext({ baseURL: origin, proxy: network.proxy, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return new Visitor({ name, address, context, page, network, folder });
}

export class Visitor extends Part {
  #complaints = [];
  #expected = [];
  #shots = 0;

  constructor({ name, address, context, page, network, folder }) {
    super(page);
    Object.assign(this, { name, address, context, page, network, folder });
    page.on("console", (message) => message.type() === "error" && this.#note(`console: ${message.text()}`));
    page.on("pageerror", (error) => this.#note(`error: ${error.stack}`));
    page.on("requestfailed", (request) => this.#note(`${request.method()} ${request.url()}: ${request.failure().errorText}`));
    page.on("response", (answer) => {
      if (answer.status() >= 400) this.#note(`${answer.request().method()} ${answer.url()}: ${answer.status()}`);
    });
  }

  #note(complaint) {
    // The answer itself is noted with more words, and a request is aborted whenever a page is left.
    if (/Failed to load resource|ERR_ABORTED/.test(complaint)) return;
    this.#complaints.push(complaint);
  }

  /** Says which complaints of the browser belong to the story. Each pattern has to be met. */
  expects(...patterns) {
    this.#expected.push(...patterns);
  }

  /** Fails for errors in the console and failed requests that the story did not expect, and for expected ones that did not come. */
  assertQuiet() {
    const surprising = this.#complaints.filter((text) => !this.#expected.some((pattern) => pattern.test(text)));
    assert.deepEqual(surprising, [], `what the browser of ${this.name} complained of`);
    const missing = this.#expected.filter((pattern) => !this.#complaints.some((text) => pattern.test(text)));
    assert.deepEqual(missing, [], `what the browser of ${this.name} should have complained of`);
  }

  /** Keeps a picture of the page, under the number and the name of the step. */
  async shot(step) {
    const number = String(++this.#shots).padStart(2, "0");
    await this.page.screenshot({ path: join(this.folder, `${this.name}-${number}-${step}.png`), fullPage: true });
  }

  goto(path) {
    return this.page.goto(path);
  }

  /** Waits for a page of the application. */
  arrives(path) {
    return this.page.waitForURL((url) => url.pathname === path);
  }

  /** Keeps what helps to understand a failure. */
  async keepEvidence() {
    const file = (suffix) => join(this.folder, `${this.name}-failed.${suffix}`);
    writeFileSync(file("console.txt"), this.#complaints.join("\n"));
    writeFileSync(file("html"), await this.page.content());
    await this.page.screenshot({ path: file("png"), fullPage: true });
  }

  async close() {
    await this.context.close();
    await this.network.close();
  }
}
