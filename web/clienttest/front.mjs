import http from "node:http";
import https from "node:https";

/**
 * What browsers reach in a deployment: the application at `app`, and the server at `auth` through a proxy that speaks
 * HTTPS where its origin does. Where both are one origin, the application passes /api/auth on. Ends with close().
 */
export async function startFront({ app, auth, server }, certificate) {
  const listeners = [await listen(app, certificate, (q, a) => (app === auth && isAuth(q) ? pass(q, a, server) : page(q, a)))];
  if (auth !== app) listeners.push(await listen(auth, certificate, (q, a) => pass(q, a, server)));
  return {
    close() {
      for (const listener of listeners) {
        listener.close();
        listener.closeAllConnections();
      }
    },
  };
}

const isAuth = (request) => request.url.startsWith("/api/auth/");

/** The application: a page, and /seen, which tells the names of the cookies that its own server gets. */
function page(request, answer) {
  if (request.url !== "/seen") {
    answer.setHeader("content-type", "text/html").end("<!doctype html><title>An application</title>");
    return;
  }
  const names = (request.headers.cookie ?? "").split("; ").map((pair) => pair.split("=")[0]);
  answer.setHeader("content-type", "application/json").end(JSON.stringify(names));
}

/** Hands a request on, as a reverse proxy does. */
function pass(request, answer, server) {
  const headers = { ...request.headers, "x-forwarded-for": request.socket.remoteAddress };
  const onward = http.request(new URL(request.url, server), { method: request.method, headers }, (response) => {
    answer.writeHead(response.statusCode, response.rawHeaders);
    response.pipe(answer);
  });
  onward.on("error", () => answer.destroy());
  request.pipe(onward);
}

async function listen(origin, certificate, handler) {
  const { protocol, port } = new URL(origin);
  const listener = protocol === "https:" ? https.createServer(certificate, handler) : http.createServer(handler);
  await new Promise((resolve, reject) => {
    listener.once("error", reject).listen(Number(port), "127.0.0.1", resolve);
  });
  return listener;
}
