// The identity provider of the Go tests, as a browser and an application meet it.

const { SALLYPORT_PROVIDER_URL: url } = process.env;

/** A provider's address, at the server that stands in for it. */
function standIn(address) {
  const { protocol, host, pathname, search } = new URL(address);
  return `${url}/${protocol.slice(0, -1)}/${host}${pathname}${search}`;
}

/**
 * Opens the address of an authorization and signs in as the script says; gives where the browser is sent then. The
 * script is that of internal/oauth/idptest: who somebody is, and what goes wrong.
 */
export async function consent(address, script) {
  const headers = { "idptest-script": Buffer.from(JSON.stringify(script)).toString("base64") };
  const answer = await fetch(standIn(address), { redirect: "manual", headers });
  const to = answer.headers.get("location");
  if (!to) throw new Error(`the provider refuses ${address}: ${await answer.text()}`);
  return to;
}

/** Somebody at any provider. */
export function personOf({ name, email }) {
  const id = email.toLowerCase();
  const person = { id, sub: id, email, email_verified: true, name };
  return { profile: person, claims: person };
}

/** An ID token of Google for a client, as its script in a page gets one. */
export async function googleToken(clientID, person) {
  const back = "https://app.example.com/";
  const verifier = "v".repeat(43);
  const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    response_type: "code",
    client_id: clientID,
    redirect_uri: back,
    scope: "openid email profile",
    code_challenge: Buffer.from(sum).toString("base64url"),
    code_challenge_method: "S256",
  });
  const landed = await consent(`https://accounts.google.com/o/oauth2/v2/auth?${query}`, personOf(person));
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code: new URL(landed).searchParams.get("code"),
    redirect_uri: back,
    code_verifier: verifier,
    client_id: clientID,
    client_secret: `${clientID}-secret`,
  });
  const answer = await fetch(standIn("https://oauth2.googleapis.com/token"), { method: "POST", body });
  return (await answer.json()).id_token;
}
