import type { IncomingMessage, ServerResponse } from "node:http";
import { createVerifier } from "@/lib/verify-jwt";
import { listen } from "./http";

export type Call = { method: string; path: string; token: string; cookie?: string; body: string };
type Answer = (response: ServerResponse, call: Call) => void | Promise<void>;

/** An API that lets in who holds a token of the server at authURL, and says who that is. */
export async function startAPI(authURL: string) {
  const verify = createVerifier(authURL, { issuer: authURL, audience: authURL, algorithms: ["EdDSA"] });
  const calls: Call[] = [];
  const instead: Answer[] = [];

  const server = await listen(async (request, response) => {
    const call = await read(request);
    calls.push(call);
    const answer = instead.shift();
    if (answer) return answer(response, call);
    const user = await verify(call.token).catch(() => null);
    if (!user) return send(response, 401, { detail: "Invalid token" });
    if (call.method === "DELETE") return send(response, 204);
    send(response, 200, { userId: user.id, method: call.method, body: call.body && JSON.parse(call.body) });
  });

  return {
    url: server.url,
    calls,
    /** Answers the next call in another way. */
    next: (answer: Answer) => void instead.push(answer),
    close: server.close,
  };
}

export function send(response: ServerResponse, status: number, body?: object, headers: Record<string, string> = {}) {
  response.writeHead(status, { "Content-Type": "application/json", ...headers });
  response.end(body && JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<Call> {
  let body = "";
  for await (const part of request) body += part;
  const { authorization = "", cookie } = request.headers;
  return { method: request.method ?? "", path: request.url ?? "", token: authorization.slice(7), cookie, body };
}
