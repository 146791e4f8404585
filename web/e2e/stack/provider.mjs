import { launch, ready } from "./child.mjs";
import { paths } from "./paths.mjs";

/**
 * Starts the site with whose accounts people sign in: the identity provider of the Go tests, with a page that asks who
 * one is. It is GitLab, as one that has an address of its own, and Acme, which speaks plain OpenID Connect.
 */
export async function startProvider(setup, log) {
  const { host } = new URL(setup.provider);
  const program = launch("provider", ["go", "run", "./internal/oauth/idptest/cmd/idp", "-listen", host], { cwd: paths.top, log });
  await ready(program, setup.provider);
  return program;
}

/** The server's options for it. */
export function providerOptions({ provider }) {
  return {
    options: `
socialProviders:
  gitlab:
    clientId: gitlab-client
    clientSecret: gitlab-client-secret
    issuer: ${provider}/https/gitlab.com
`,
    plugins: `  genericOAuth:
    config:
      - providerId: acme
        clientId: acme-client
        clientSecret: acme-client-secret
        authorizationUrl: ${provider}/https/idp.test/authorize
        tokenUrl: ${provider}/https/idp.test/token
        userInfoUrl: ${provider}/https/idp.test/userinfo
        scopes: [openid, profile, email]
        pkce: true
`,
  };
}

/** What the application offers. */
export const providerButtons = { SOCIAL_PROVIDERS: "gitlab,acme=Acme Inc.", SOCIAL_POPUPS: "acme" };
