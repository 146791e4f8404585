import { expect, test } from "vitest";
import { returnPath, signInAgainPath, signInPath, twoFactorPath } from "@/lib/return-path";

test.each(["/account", "/dashboard?done=1#list", "/a/b", "/%2F%2Fevil.example"])("%s leads back", (path) => {
  expect(returnPath(path)).toBe(path);
});

test.each([
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "\t//evil.example",
  "/.//evil.example",
  "/x/..//evil.example",
  "javascript:alert(1)",
  "account",
  "http://[",
  "",
  null,
  undefined,
])("%j leads nowhere but to the start", (next) => {
  expect(returnPath(next)).toBe("/dashboard");
});

test("pages that interrupt keep the path, with its query", () => {
  expect(signInPath("/account?tab=sessions")).toBe("/sign-in?next=%2Faccount%3Ftab%3Dsessions");
  expect(signInAgainPath("/account")).toBe("/sign-in?next=%2Faccount&notice=sign-in-again");
  expect(twoFactorPath("//evil.example")).toBe("/two-factor?next=%2Fdashboard");
});
