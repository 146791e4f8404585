// What is played to the original: configurations of one provider, what the
// provider answers, and what is asked of the plugin. {"$token": claims} becomes a
// signed ID token and "$jwks" the keys to check it.
const all = [];
const add = (name, config, steps, answers) =>
	all.push({ name, config: { clientId: "client id", clientSecret: "s&cret", ...config }, answers, steps });

const asked = { state: "the-state", codeVerifier: "v".repeat(43), redirectURI: "https://us.test/api/auth/callback/x" };
const authorize = (more) => ["authorize", { ...asked, ...more }];
const { state: _, ...brought } = asked;
const exchange = ["exchange", { code: "the code", ...brought }];
const refresh = ["refresh", "old refresh"];
const traits = ["traits"];
const user = (tokens = {}) => ["user", tokens];
const idToken = (token, nonce) => ["idToken", { token, nonce }];
const logout = (given = {}) => ["logout", given];

const idp = "https://idp.test";
const tokens = { access_token: "at", refresh_token: "rt", id_token: "it", token_type: "bearer", scope: "a b", expires_in: 3600 };
const tokenAnswer = { [`${idp}/token`]: { body: tokens } };
const me = (body, more) => ({ [`${idp}/me`]: { body, ...more } });
const manual = { providerId: "acme", authorizationUrl: `${idp}/authorize`, tokenUrl: `${idp}/token`, userInfoUrl: `${idp}/me` };

// Requests.
add("plain", manual, [traits, authorize(), authorize({ scopes: ["x", "y"], loginHint: "ann@x", additionalParams: { prompt: "login", z: "1" } }), exchange, refresh, logout({ idToken: "it" }), idToken("a.b.c")], tokenAnswer);
const everything = {
	...manual, scopes: ["one", "two"], redirectURI: "https://us.test/back", responseType: "code id_token", responseMode: "form_post",
	prompt: "select_account consent", accessType: "offline", pkce: false, name: "Acme",
	authorizationUrlParams: { audience: "a b", prompt: "none", "ü": "ß" }, tokenUrlParams: { resource: "r 1", client_id: "other" },
	refreshTokenParams: { scope: "s", client_id: "other" }, authorizationHeaders: { "X-Stage": "1", Accept: "application/x" },
	accessTokenExpiresIn: 60, disableImplicitSignUp: true, disableSignUp: true, overrideUserInfo: true, requireEmailVerification: true, allowIdpInitiated: true,
};
add("every parameter", everything, [traits, authorize({ scopes: ["three"] }), exchange, refresh], { [`${idp}/token`]: { body: { access_token: "at" } } });
add("a query in the address", { ...manual, authorizationUrl: `${idp}/authorize?a=%20b&state=x&client_id=y&c` }, [authorize()]);
add("basic", { ...manual, authentication: "basic", tokenUrlParams: { client_id: "client id" } }, [exchange, refresh], tokenAnswer);
add("client_secret_basic", { ...manual, tokenEndpointAuth: { method: "client_secret_basic" } }, [exchange, refresh], tokenAnswer);
add("client_secret_post beats basic", { ...manual, authentication: "basic", tokenEndpointAuth: { method: "client_secret_post" } }, [exchange], tokenAnswer);
add("none", { ...manual, clientSecret: undefined, tokenEndpointAuth: { method: "none" } }, [exchange, refresh], tokenAnswer);
add("no secret", { ...manual, clientSecret: undefined }, [exchange, refresh], tokenAnswer);
add("private key", { ...manual, clientSecret: undefined, tokenEndpointAuth: { method: "private_key_jwt", privateKeyPem: "$pem", algorithm: "ES256", kid: "k", expiresIn: 77 } }, [exchange, refresh], tokenAnswer);
add("private JWK", { ...manual, clientSecret: undefined, tokenEndpointAuth: { method: "private_key_jwt", privateKeyJwk: "$jwk" } }, [exchange], tokenAnswer);
add("an answer with an end", { ...manual, accessTokenExpiresIn: 60 }, [exchange, refresh], tokenAnswer);
add("a token endpoint that fails", manual, [exchange, refresh], { [`${idp}/token`]: { status: 400, body: { error: "invalid_grant" } } });
add("a token endpoint without tokens", manual, [exchange, refresh], { [`${idp}/token`]: { body: { error: "nope" } } });

// What does not start.
add("secret and none", { ...manual, tokenEndpointAuth: { method: "none" } });
add("secret and private key", { ...manual, tokenEndpointAuth: { method: "private_key_jwt", privateKeyPem: "$pem", algorithm: "ES256" } });
add("basic without secret", { ...manual, clientSecret: undefined, authentication: "basic" });
add("client_secret_post without secret", { ...manual, clientSecret: undefined, tokenEndpointAuth: { method: "client_secret_post" } });
add("private key without a key", { ...manual, clientSecret: undefined, tokenEndpointAuth: { method: "private_key_jwt" } });
add("verification without discovery", { ...manual, requireIdTokenVerification: true });
add("a tenant that is none", { preset: "microsoftEntraId", tenantId: "common" });

// Users without OpenID Connect.
const claims = { iss: idp, aud: "client id", sub: "u1" };
const full = { ...claims, email: "Ann@Example.test", email_verified: true, name: "Ann", picture: "https://p.test/a" };
const token = (of) => ({ $token: of });
for (const [name, profile] of Object.entries({
	"a full one": { id: "7", email: "A@x.test", email_verified: "true", name: "A", picture: "p", extra: [1] },
	"a number": { id: 7, email: "a@x.test" },
	"only sub": { sub: "7", email: "a@x.test", email_verified: 1 },
	nulls: { id: null, email: null, name: null, picture: null },
	"other names": { id: "x", email_verified: "false", image: "gone", emailVerified: true },
})) add(`user info: ${name}`, manual, [user({ accessToken: "at" }), user(), user({ accessToken: "at", idToken: "garbage" })], me(profile));
add("user info that fails", manual, [user({ accessToken: "at" })], me({}, { status: 500 }));
add("ID tokens that nobody can check", manual, [user({ accessToken: "at", idToken: token(full) }), user({ accessToken: "at", idToken: token(claims) }), user({ idToken: token({ ...full, id: "own", emailVerified: "no" }) })], me({ id: "9", sub: "other", email: "m@x.test" }));
add("mapped", { ...manual, accountSubject: "data.uid", mapProfileToUser: { email: "data.mail", name: "data.names.1", emailVerified: "data.ok", image: "data.picture", country: "data.none" } }, [user({ accessToken: "at" })], me({ id: "7", picture: "p", data: { uid: 42, mail: "m@x.test", names: ["x", "Second"], ok: "true", picture: null } }));

// OpenID Connect.
const at = `${idp}/.well-known/openid-configuration`;
const doc = { issuer: idp, authorization_endpoint: `${idp}/authorize`, token_endpoint: `${idp}/token`, userinfo_endpoint: `${idp}/me`, end_session_endpoint: `${idp}/bye?k=a%20b`, jwks_uri: `${idp}/jwks`, id_token_signing_alg_values_supported: ["ES256", "RS256"] };
const found = (document = doc, more = {}) => ({ [at]: { body: document }, [`${idp}/jwks`]: { body: "$jwks" }, ...tokenAnswer, ...more });
const without = (name) => Object.fromEntries(Object.entries(doc).filter(([key]) => key !== name));
const oidc = { providerId: "acme", discoveryUrl: at };
add("OpenID Connect", oidc, [
	traits, authorize({ idTokenNonce: "n1" }), authorize({ idTokenNonce: "n1", scopes: ["x", "openid"] }), exchange, refresh,
	user({ idToken: token(full) }), user({ idToken: token({ ...full, nonce: "n1" }), expectedIdTokenNonce: "n1" }),
	user({ idToken: token({ ...full, nonce: "n2" }), expectedIdTokenNonce: "n1" }), user({ idToken: token(full), expectedIdTokenNonce: "n1" }),
	user({ idToken: token({ key: "wrong", ...full }) }), user({ idToken: token({ ...full, iss: "https://other.test" }) }),
	user({ idToken: token({ ...full, aud: "other" }) }), user({ idToken: token({ ...full, aud: ["other", "client id"] }) }),
	user({ idToken: token({ ...full, exp: 1700000100 }) }), user({ idToken: token({ ...full, sub: 5 }) }), user({ idToken: "garbage", accessToken: "at" }),
	user({ accessToken: "at" }), user({ accessToken: "at", idToken: token(claims) }), user({ accessToken: "at", idToken: token({ ...claims, sub: "u2" }) }),
	idToken(token(full)), idToken(token({ ...full, nonce: "x" }), "x"), idToken(token(full), "x"), idToken(token(claims)), idToken("garbage"),
	logout(), logout({ idToken: "it" }), logout({ idToken: "it", state: "s" }),
	logout({ idToken: "it", state: "s", postLogoutRedirectURI: "https://us.test/after?x=1" }), logout({ postLogoutRedirectURI: "https://us.test/after" }),
], found(doc, me({ sub: "u1", email: "info@x.test", email_verified: true, name: "Info" })));
add("options before discovery", {
	...oidc, authorizationUrl: "https://own.test/a", tokenUrl: "https://own.test/t", userInfoUrl: "https://own.test/me", endSessionEndpoint: "https://own.test/bye",
	postLogoutRedirectURI: "/after", disableIdTokenNonceBinding: true, scopes: ["email"], discoveryHeaders: { "X-Id": "1" },
}, [traits, authorize(), exchange, user({ accessToken: "at" }), logout({ idToken: "it", state: "s" })], found(doc, { "https://own.test/t": { body: tokens }, "https://own.test/me": { body: { sub: "z", email: "z@x.test" } } }));
add("no logout at the provider", { ...oidc, disableProviderLogout: true }, [logout({ idToken: "it" })], found());
add("a document without keys", oidc, [traits, authorize(), user({ idToken: token(full) }), user({ accessToken: "at" }), idToken(token(full))], found(without("jwks_uri"), me({ sub: "u1", email: "info@x.test" })));
add("a document without keys, which are required", { ...oidc, requireIdTokenVerification: true }, [], found(without("jwks_uri")));
add("a document without algorithms", oidc, [traits, authorize({ idTokenNonce: "n" }), user({ idToken: token(full) }), user({ idToken: token({ key: "wrong", ...full }) }), user({ accessToken: "at" })], found(without("id_token_signing_alg_values_supported"), me({ sub: "u1", id: "i1", email: "info@x.test" })));
add("a document with other algorithms", oidc, [user({ idToken: token(full) })], found({ ...doc, id_token_signing_alg_values_supported: ["RS256"] }));
add("a relative address of keys", oidc, [traits, user({ idToken: token(full) })], found({ ...doc, jwks_uri: "/jwks" }));
add("no document", oidc, [], {});
add("an issuer that is none", oidc, [], found({ ...doc, issuer: "idp" }));
add("no token endpoint", oidc, [], found(without("token_endpoint")));
add("no authorization endpoint", oidc, [], found(without("authorization_endpoint")));
add("a document that is a list", oidc, [], found([1]));
add("a subject elsewhere", { ...oidc, accountSubject: "oid" }, [user({ idToken: token({ ...full, oid: "o-1" }) }), user({ idToken: token(full) })], found());

// Presets.
const tenants = {
	auth0: { preset: "auth0", domain: "IDP.test" },
	"auth0 by address": { preset: "auth0", domain: "http://idp.test/x", scopes: ["a"], pkce: false, requireEmailVerification: true, providerId: "tenant" },
	keycloak: { preset: "keycloak", issuer: `${idp}/`, disableSignUp: true },
	okta: { preset: "okta", issuer: idp, endSessionEndpoint: `${idp}/out`, postLogoutRedirectURI: "https://us.test/x" },
};
for (const [name, config] of Object.entries(tenants))
	add(name, config, [traits, authorize({ idTokenNonce: "n" }), authorize({ scopes: ["x"] }), exchange, user({ idToken: token(full) }), user({ idToken: token({ key: "wrong", ...full }) }), logout({ idToken: "it" })], found());
const preset = (name, more, address, bodies, steps = []) =>
	bodies.forEach((body, i) => add(`${name} ${i}`, { preset: name, ...more }, [...(i ? [] : [traits, authorize(), authorize({ scopes: ["x"] })]), user({ accessToken: "at" }), user(), ...steps], { [address]: body.status ? body : { body } }));
const failing = { status: 401, body: {} };
preset("gumroad", {}, "https://api.gumroad.com/v2/user", [{ success: true, user: { user_id: "g1", name: "G", email: "g@x.test", profile_url: "https://g.test/i" } }, { success: false, user: { user_id: "g1" } }, { success: true }, { success: true, user: { user_id: null, email: "g@x.test" } }, failing]);
preset("hubspot", {}, "https://api.hubapi.com/oauth/v1/access-tokens/at", [{ user_id: 12, user: "h@x.test" }, { signed_access_token: { userId: 13 }, user: "h@x.test" }, { user_id: 0, user: "h" }, { user: "h" }, { user_id: null, signed_access_token: null }], [user({ accessToken: "a/t ?" })]);
preset("line", { providerId: "line-jp" }, "https://api.line.me/oauth2/v2.1/userinfo", [{ sub: "l1", name: "L", picture: "https://l.test/p" }, { sub: 5, email: "l@x.test", email_verified: true }, failing], [user({ idToken: token(full), accessToken: "at" }), user({ idToken: "garbage", accessToken: "at" })]);
preset("patreon", {}, "https://www.patreon.com/api/oauth2/v2/identity?fields%5Buser%5D=email%2Cfull_name%2Cimage_url%2Cis_email_verified", [{ data: { id: "p1", attributes: { full_name: "P", email: "p@x.test", image_url: "https://p.test", is_email_verified: true } } }, { data: { id: "p1", attributes: {} } }, failing]);
preset("slack", {}, "https://slack.com/api/openid.connect.userInfo", [{ sub: "s1", name: "S", email: "s@x.test", email_verified: true, picture: "https://s.test", "https://slack.com/user_image_512": "https://s.test/512" }, { sub: "s1", email: "s@x.test", picture: null, "https://slack.com/user_image_512": "https://s.test/512" }, { ok: false, error: "x" }]);
preset("yandex", {}, "https://login.yandex.ru/info?format=json", [{ id: "y1", login: "y", default_email: "y@x.test", default_avatar_id: "9/a", is_avatar_empty: false, display_name: "Y" }, { id: "y1", login: "log", emails: ["e@x.test"], default_avatar_id: "9/a", is_avatar_empty: true, real_name: null }, { id: "y1", login: "y", emails: [] }, { id: 7, default_email: "y@x.test", default_avatar_id: 5, first_name: "F" }, failing]);

const tenant = "aaaaaaaa-1111-2222-3333-444444444444";
const login = `https://login.microsoftonline.com/${tenant}`;
const entra = { preset: "microsoftEntraId", tenantId: tenant.toUpperCase() };
const entraDoc = { ...doc, issuer: `${login}/v2.0`, authorization_endpoint: "https://no.test/a", token_endpoint: "https://no.test/t", end_session_endpoint: `${login}/oauth2/v2.0/logout` };
const graph = "https://graph.microsoft.com/oidc/userinfo";
const who = { iss: `${login}/v2.0`, aud: "client id", sub: "ms", oid: "o1" };
[
	{ sub: "ms", email: "graph@x.test", name: "Graph", picture: "https://g.test" },
	{ sub: "other", email: "graph@x.test" },
	{ sub: "ms", givenname: "Gi", familyname: "Fa", email_verified: true },
	failing,
].forEach((body, i) => {
	const given = [{ email: "m@x.test", email_verified: true, name: "M" }, {}, { email: null, name: null, given_name: null, picture: "p", email_verified: "true" }];
	if (!i) given.push({ given_name: "Gi", email: "", email_verified: true }, { oid: " " }, { oid: undefined, email: "m@x.test" }, { oid: "not valid at all", family_name: "F" });
	const steps = given.flatMap((more) => [user({ idToken: token({ ...who, ...more }) }), user({ idToken: token({ ...who, ...more }), accessToken: "at" })]);
	if (!i) steps.push(traits, authorize({ idTokenNonce: "n" }), exchange, logout({ idToken: "it" }), idToken(token({ ...who, email: "m@x.test" })), user({ accessToken: "at" }), user({ idToken: token({ key: "wrong", ...who }) }));
	add(`microsoftEntraId ${i}`, entra, steps, { [`${login}/v2.0/.well-known/openid-configuration`]: { body: entraDoc }, [`${idp}/jwks`]: { body: "$jwks" }, [graph]: body.status ? body : { body }, [`${login}/oauth2/v2.0/token`]: { body: tokens } });
});
add("microsoftEntraId without discovery", entra, [], {});

export default all;
