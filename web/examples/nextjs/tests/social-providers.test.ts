import { expect, test } from "vitest";
import { nameOf, parseProviders } from "@/lib/social-providers";

test("providers are a list, with names where the usual one is not meant, and windows where they are wanted", () => {
  expect(parseProviders(" github, acme = Acme Inc. ,gitlab,", "acme")).toEqual([
    { id: "github", name: "GitHub", popup: false },
    { id: "acme", name: "Acme Inc.", popup: true },
    { id: "gitlab", name: "GitLab", popup: false },
  ]);
  expect(parseProviders("", "")).toEqual([]);
});

test.each([
  ["=GitHub", "", "SOCIAL_PROVIDERS"],
  ["git hub", "", "SOCIAL_PROVIDERS"],
  ["github", "google", "SOCIAL_POPUPS"],
])("a list of %s with windows for %s stops the start: a button of it could only fail", (list, popups, variable) => {
  expect(() => parseProviders(list, popups)).toThrow(variable);
});

test("a login method has the name that its button had, or one of its own", () => {
  const providers = parseProviders("acme=Acme Inc.", "");
  expect(["acme", "credential", "github", "keycloak", "constructor"].map((id) => nameOf(id, providers))).toEqual([
    "Acme Inc.",
    "Password",
    "GitHub",
    "Keycloak",
    "Constructor",
  ]);
});
