// The two set-ups of the examples, as what is different in the environments of the three programs.

/** Where a browser finds everything, and who issues tokens. The name of the host is localhost, so all of it is one site. */
function origins(ports) {
  return {
    app: `http://localhost:${ports.next}`,
    api: `http://localhost:${ports.fastapi}`,
    auth: `http://localhost:${ports.sallyport}`,
  };
}

/** The browser knows one origin for pages and sign-in: Next passes /api/auth on to sallyport. */
function oneOrigin(ports) {
  const { app, api, auth } = origins(ports);
  return { name: "one-origin", app, api, auth, issuer: app, browserAuth: app, next: {} };
}

/** The browser calls sallyport at its own origin, with CORS and credentials. */
function twoOrigins(ports) {
  const { app, api, auth } = origins(ports);
  return { name: "two-origins", app, api, auth, issuer: auth, browserAuth: auth, next: { NEXT_PUBLIC_AUTH_URL: auth } };
}

export const setups = { "one-origin": oneOrigin, "two-origins": twoOrigins };
