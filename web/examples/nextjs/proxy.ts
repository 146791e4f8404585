import { randomBytes } from "node:crypto";
import { getSessionCookie } from "better-auth/cookies";
import { NextResponse, type NextRequest } from "next/server";
import { limitAPI } from "./lib/api-limit";
import { contentSecurityPolicy } from "./lib/content-security-policy";
import { signInPath } from "./lib/return-path";

const membersOnly = ["/dashboard", "/account"];

/** Next.js runs this before every page and every path under /api. */
export async function proxy(request: NextRequest): Promise<Response> {
  const { pathname, search } = request.nextUrl;
  if (isAPI(pathname)) return refuseUpgrade(request) ?? (await limitAPI(request.headers)) ?? NextResponse.next();
  if (isFor(membersOnly, pathname) && !getSessionCookie(request)) {
    return NextResponse.redirect(new URL(signInPath(pathname + search), request.url));
  }
  return withPolicy(request);
}

// No redirect leads away from /sign-in: a cookie may be there whose session has ended, and the page that it leads to
// would send its owner back.

/**
 * Whether a path is one of those, or below one. This only spares a stranger a page that would not let them in: the
 * cookie may be made up. The pages themselves ask sallyport (lib/session.ts).
 */
function isFor(paths: string[], pathname: string): boolean {
  return paths.some((path) => pathname === path || pathname.startsWith(`${path}/`));
}

/** Rewrites of next.config.ts do not tell capitals from small letters: /API/auth leads to sallyport too. */
function isAPI(pathname: string): boolean {
  return pathname.toLowerCase().startsWith("/api/");
}

/**
 * Next.js would pass requests for a WebSocket on to sallyport with the X-Forwarded-For that the client wrote:
 * instrumentation.ts does not see them. Nothing under /api has any.
 */
function refuseUpgrade(request: NextRequest): Response | null {
  return request.headers.has("upgrade") ? new Response(null, { status: 400 }) : null;
}

function withPolicy(request: NextRequest): NextResponse {
  const policy = contentSecurityPolicy(randomBytes(16).toString("base64"), process.env.NODE_ENV === "development");
  const headers = new Headers(request.headers);
  headers.set("Content-Security-Policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

export const config = { matcher: ["/((?!_next/static|_next/image|favicon.ico).*)"] };
