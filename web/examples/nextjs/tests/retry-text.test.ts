import { expect, test } from "vitest";
import { retryText } from "@/lib/retry-text";

test.each([
  [0, "in 1 second"],
  [1, "in 1 second"],
  [1.2, "in 2 seconds"],
  [59, "in 59 seconds"],
  [119, "in 119 seconds"],
  [120, "in 2 minutes"],
  [121, "in 3 minutes"],
  [null, "in a moment"],
  [undefined, "in a moment"],
  [Number.NaN, "in a moment"],
])("%s seconds: %s", (seconds, wait) => {
  expect(retryText(seconds)).toBe(`Too many requests. Try again ${wait}.`);
});
