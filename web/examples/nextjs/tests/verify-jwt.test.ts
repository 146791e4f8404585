import { SignJWT, UnsecuredJWT, exportSPKI, importJWK, type JWTPayload } from "jose";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createVerifier, InvalidTokenError, KeysUnavailableError, type VerifyToken } from "@/lib/verify-jwt";
import { newKey, startIssuer } from "./support/issuer";

let issuer: Awaited<ReturnType<typeof startIssuer>>;
let verify: VerifyToken;

beforeEach(async () => {
  issuer = await startIssuer();
  verify = createVerifier(issuer.url, { issuer: issuer.url, audience: issuer.url, algorithms: ["EdDSA"] });
});

afterEach(async () => {
  vi.useRealTimers();
  await issuer.close();
});

const claims = (): JWTPayload => ({ iss: issuer.url, aud: issuer.url, sub: "ann", exp: Math.floor(Date.now() / 1000) + 60 });
const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

test("a good token tells its user", async () => {
  const token = await issuer.sign({ email: "ann@example.com", name: "Ann", role: "premium" });
  expect(await verify(token)).toEqual({ id: "ann", email: "ann@example.com", name: "Ann", role: "premium" });
});

test("claims of another type are not taken for text", async () => {
  expect(await verify(await issuer.sign({ role: ["admin"], name: null }))).toEqual({ id: "ann" });
});

const bad: Record<string, () => Promise<string> | string> = {
  garbage: () => "garbage",
  empty: () => "",
  expired: () => issuer.sign({ exp: Math.floor(Date.now() / 1000) - 1 }),
  "not valid yet": () => issuer.sign({ nbf: Math.floor(Date.now() / 1000) + 60 }),
  "of another issuer": () => issuer.sign({ iss: "https://evil.example" }),
  "for another audience": () => issuer.sign({ aud: "https://evil.example" }),
  "without an expiry": () => issuer.sign({ exp: undefined }),
  "without a subject": () => issuer.sign({ sub: undefined }),
  "with an empty subject": () => issuer.sign({ sub: "" }),
  "without an issuer": () => issuer.sign({ iss: undefined }),
  "without an audience": () => issuer.sign({ aud: undefined }),
  "with alg none": () => new UnsecuredJWT(claims()).encode(),
  "with alg none and a signature": async () => {
    const [, payload, signature] = (await issuer.sign()).split(".");
    return [segment({ alg: "none" }), payload, signature].join(".");
  },
  "signed by a stranger who takes our key's name": async () => issuer.sign({}, {}, await newKey("first")),
  "of a key that is not published": async () => issuer.sign({}, {}, await newKey("unknown")),
  "that brings its own key": async () => {
    const own = await newKey("first");
    return issuer.sign({}, { jwk: own.jwk }, own);
  },
  "changed under its signature": async () => {
    const [header, , signature] = (await issuer.sign()).split(".");
    return [header, segment({ ...claims(), sub: "ben" }), signature].join(".");
  },
  "HS256, with the public key as its secret": async () => {
    const publicKey = await importJWK(issuer.current().jwk, "EdDSA", { extractable: true });
    const secret = new TextEncoder().encode(await exportSPKI(publicKey as CryptoKey));
    return new SignJWT(claims()).setProtectedHeader({ alg: "HS256", kid: "first" }).sign(secret);
  },
  "HS256, with the published x as its secret": async () => {
    const secret = Buffer.from(issuer.current().jwk.x!, "base64url");
    return new SignJWT(claims()).setProtectedHeader({ alg: "HS256", kid: "first" }).sign(secret);
  },
};

test.each(Object.keys(bad))("a token %s is refused", async (kind) => {
  const token = await bad[kind]!();
  await expect(verify(token)).rejects.toThrow(InvalidTokenError);
});

test("an algorithm counts only where the configuration names it", async () => {
  const strict = createVerifier(issuer.url, { issuer: issuer.url, audience: issuer.url, algorithms: ["RS256"] });
  await expect(strict(await issuer.sign())).rejects.toThrow(InvalidTokenError);
});

test("the key set is fetched once for many tokens", async () => {
  await Promise.all([issuer.sign().then(verify), issuer.sign().then(verify)]);
  await verify(await issuer.sign());
  expect(issuer.fetched()).toBe(1);
});

test("a key that was added is found without a restart, and the old one still counts", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const old = await issuer.sign({ exp: Math.floor(Date.now() / 1000) + 3600 });
  await verify(old);
  await issuer.rotate();
  vi.advanceTimersByTime(31_000); // jose asks again for a key it does not know after half a minute
  expect(await verify(await issuer.sign())).toEqual({ id: "ann" });
  expect(await verify(old)).toEqual({ id: "ann" });
});

test("made-up keys do not make this server ask for each of them", async () => {
  const stranger = await newKey("unknown");
  await verify(await issuer.sign());
  for (let i = 0; i < 3; i++) await verify(await issuer.sign({}, { kid: `made-up-${i}` }, stranger)).catch(() => {});
  expect(issuer.fetched()).toBe(1);
});

test("without any keys nothing can be said of a token, until they come", async () => {
  issuer.goAway();
  await expect(verify(await issuer.sign())).rejects.toThrow(KeysUnavailableError);
  issuer.comeBack();
  expect(await verify(await issuer.sign())).toEqual({ id: "ann" });
});

test("keys that were fetched count on while the server is away", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  await verify(await issuer.sign());
  issuer.goAway();
  vi.advanceTimersByTime(11 * 60_000);
  expect(await verify(await issuer.sign())).toEqual({ id: "ann" });
  const stranger = await newKey("unknown");
  await expect(verify(await issuer.sign({}, {}, stranger))).rejects.toThrow(InvalidTokenError);
});
