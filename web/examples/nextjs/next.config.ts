import type { NextConfig } from "next";

// Set when browsers call sallyport at an origin of its own; otherwise they reach it through this application.
const hasOwnOrigin = Boolean(process.env.NEXT_PUBLIC_AUTH_URL);
const authURL = process.env.AUTH_URL || "http://localhost:8080";

// The Content-Security-Policy has a nonce for each request: proxy.ts sends it. Strict-Transport-Security belongs to
// whatever ends TLS.
const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  // Addresses with one-time tokens, such as that of /reset-password, are shown to nobody else.
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=()" },
];

// Pages hold on to the windows that they open to sign in. What comes from sallyport says nothing of openers: the window
// passes other sites on its way, and would be cut off from its page when it came back.
const openers = [{ key: "Cross-Origin-Opener-Policy", value: "same-origin-allow-popups" }];

const config: NextConfig = {
  // Two builds of one folder, such as those of the two set-ups, must not overwrite each other.
  distDir: process.env.NEXT_DIST_DIR ?? ".next",
  poweredByHeader: false,
  headers: async () => [
    { source: "/:path*", headers: securityHeaders },
    { source: "/((?!api/auth/).*)", headers: openers },
  ],
  rewrites: async () =>
    hasOwnOrigin ? [] : [{ source: "/api/auth/:path*", destination: `${authURL}/api/auth/:path*` }],
};

export default config;
