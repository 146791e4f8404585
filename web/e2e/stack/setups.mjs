// The two set-ups of the examples, as what is different in the environments of the three programs.

/** Where a browser finds everything, and who issues tokens. The name of the host is localhost, so all of it is one site. */
function origins(ports) {
  return {
    app: `http://localhost:${ports.next}`,
    api: `http://localhost:${ports.fastapi}`,
    auth: `http://localhost:${ports.sallyport}`,
    provider: `http://127.0.0.1:${ports.provider}`, // the one that is another site
  };
}

/** The browser knows one origin for pages and sign-in: Next passes /api/auth on to sallyport. */
function oneOrigin(ports) {
  const all = origins(ports);
  return { name: "one-origin", ...all, issuer: all.app, browserAuth: all.app, next: {} };
}

/** The browser calls sallyport at its own origin, with CORS and credentials. */
function twoOrigins(ports) {
  const all = origins(ports);
  return { name: "two-origins", ...all, issuer: all.auth, browserAuth: all.auth, next: { NEXT_PUBLIC_AUTH_URL: all.auth } };
}

export const setups = { "one-origin": oneOrigin, "two-origins": twoOrigins };
