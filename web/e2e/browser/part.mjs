/** A page or a section of one, as a person uses it: by the words that are there. */
export class Part {
  constructor(place) {
    this.place = place;
  }

  section(title) {
    return new Part(this.place.getByRole("region", { name: title, exact: true }));
  }

  fill(label, text) {
    return this.place.getByLabel(label, { exact: true }).fill(text);
  }

  tick(label) {
    return this.place.getByLabel(label, { exact: true }).click();
  }

  press(name) {
    return this.place.getByRole("button", { name, exact: true }).click();
  }

  follow(link) {
    return this.place.getByRole("link", { name: link, exact: true }).click();
  }

  /** Waits until the words are there. */
  async sees(text) {
    await this.#wait(text, "visible", "does not show up");
  }

  /** Waits until the words are gone, or says that they never were there. */
  async seesNoMore(text) {
    await this.#wait(text, "hidden", "stays");
  }

  async #wait(text, state, otherwise) {
    const words = this.place.getByText(text).first();
    const error = await words.waitFor({ state }).then(() => null, (cause) => cause);
    if (error) throw new Error(`"${text}" ${otherwise} in:\n${await this.#words()}`, { cause: error });
  }

  #words() {
    const whole = this.place.url ? this.place.locator("body") : this.place;
    return whole.innerText({ timeout: 1000 }).catch(() => "(nothing)");
  }
}
