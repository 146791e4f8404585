import { SignJWT, exportJWK, generateKeyPair, type JWK, type JWTPayload } from "jose";
import { listen } from "./http";

type Key = { kid: string; privateKey: CryptoKey; jwk: JWK };

/** Publishes keys where sallyport does, for tokens that an honest server never hands out. */
export async function startIssuer() {
  let keys = [await newKey("first")];
  let away = false;
  let fetched = 0;
  const server = await listen((_request, response) => {
    fetched++;
    response.statusCode = away ? 503 : 200;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: keys.map((key) => key.jwk) }));
  });

  /** A good token, but for the claims and the header given. */
  async function sign(claims: JWTPayload = {}, header = {}, key = keys.at(-1)!): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const payload = { iss: server.url, aud: server.url, sub: "ann", iat: now, exp: now + 60, ...claims };
    return new SignJWT(payload).setProtectedHeader({ alg: "EdDSA", kid: key.kid, ...header }).sign(key.privateKey);
  }

  return {
    url: server.url,
    sign,
    current: () => keys.at(-1)!,
    rotate: async () => void (keys = [...keys, await newKey(`key-${keys.length}`)]),
    goAway: () => void (away = true),
    comeBack: () => void (away = false),
    fetched: () => fetched,
    close: server.close,
  };
}

export async function newKey(kid: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519" });
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), alg: "EdDSA", kid } };
}
