import { expect, test } from "vitest";
import { didNotWork, problemOf, problemOfCode } from "@/lib/problem";

test("a code that is known has words of its own, and a field if it is about one", () => {
  expect(problemOf({ status: 400, code: "PASSWORD_TOO_SHORT", message: "Password too short" })).toEqual({
    code: "PASSWORD_TOO_SHORT",
    field: "newPassword",
    message: "This password is too short.",
  });
  expect(problemOf({ status: 401, code: "INVALID_EMAIL_OR_PASSWORD" }).field).toBeUndefined();
});

test("a code without words here is told in the server's", () => {
  expect(problemOf({ status: 400, code: "SOMETHING_NEW", message: "The moon is full" })).toEqual({
    code: "SOMETHING_NEW",
    message: "The moon is full",
  });
  expect(problemOf({ status: 418, message: "I am a teapot" }).message).toBe("I am a teapot");
});

test("a value that the server refuses is told at its field", () => {
  expect(problemOf({ status: 400, code: "VALIDATION_ERROR", message: "[body.email] Invalid email address" })).toEqual({
    code: "VALIDATION_ERROR",
    field: "email",
    message: "Invalid email address.",
  });
  expect(problemOf({ status: 400, code: "VALIDATION_ERROR", message: "No body" }).message).toBe("No body");
});

test("an answer that says nothing still has words", () => {
  for (const error of [{ status: 500 }, { status: 500, message: "" }, { status: 500, code: "toString" }]) {
    expect(problemOf(error).message).toBe("The server failed (500). Try again later.");
  }
  expect(problemOf({ status: 400 }).message).toBe("Something went wrong. Please try again.");
});

test("429 tells when to try again, whatever its code", () => {
  expect(problemOf({ status: 429, code: "INVALID_PASSWORD", message: "Slow down", retryAfter: 7 }).message).toBe(
    "Too many requests. Try again in 7 seconds.",
  );
  expect(problemOf({ status: 429 }).message).toBe("Too many requests. Try again in a moment.");
});

test("links come back with codes in capitals or not, and nothing of the address gets into the page", () => {
  expect(problemOfCode("token_expired").message).toBe("This link is too old.");
  expect(problemOfCode("INVALID_TOKEN").message).toBe("This link is not valid. It may have been used before.");
  for (const made of ["call +1 555 0100", "constructor", ""]) {
    expect(problemOfCode(made).message).toBe("Something went wrong with this link.");
  }
});

test("other sites come back with codes in small letters, some of them made up there", () => {
  expect(problemOfCode("access_denied", didNotWork).message).toBe("You did not let the other site tell us who you are.");
  expect(problemOfCode("account_not_linked", didNotWork).message).toMatch("as you did before");
  expect(problemOfCode("temporarily_unavailable", didNotWork).message).toBe(didNotWork);
  expect(problemOf({ status: 0, code: "email_does_not_match" }).message).toMatch("another e-mail address");
});
