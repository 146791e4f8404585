import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/**
 * Adds the peer of each connection to X-Forwarded-For, as every proxy in a chain does. Next.js alone takes the header
 * as it comes, so that clients could write any address into it, and passes it on to sallyport, which would count them
 * under that.
 */
export function forwardPeerAddresses(): void {
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    const peer = request.socket.remoteAddress?.replace(/^::ffff:/, "");
    const chain = request.headers["x-forwarded-for"];
    if (peer) request.headers["x-forwarded-for"] = chain ? `${chain}, ${peer}` : peer;
  });
}
