// Verifies the tokens that it reads, one a line, and answers each as an API would: 200 with the user's id, 401, or
// 503. verify.mjs is the part to copy.
import { createInterface } from "node:readline";
import { createVerifier, isRefusal } from "./verify.mjs";

const { AUTH_URL, AUTH_ISSUER, AUTH_AUDIENCE } = process.env;
const verify = createVerifier(AUTH_URL, { issuer: AUTH_ISSUER, audience: AUTH_AUDIENCE });

async function answer(token) {
  try {
    return `200 ${(await verify(token)).sub}`;
  } catch (error) {
    return `${isRefusal(error) ? 401 : 503} ${JSON.stringify(error.message)}`;
  }
}

for await (const token of createInterface({ input: process.stdin })) console.log(await answer(token));
