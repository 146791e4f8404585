import assert from "node:assert/strict";
import http from "node:http";
import { story } from "../../browser/story.mjs";

// Programs instead of browsers: these stories are about addresses alone.

export default (stage) => {
  story(stage, "Behind a proxy in front of Next, sallyport sees the clients, and nobody can make up an address", async ({ setup }) => {
    const proxy = await proxyTo(setup.app);
    const guess = (client, forged) =>
      send(`${proxy.url}/api/auth/sign-in/email`, client, {
        method: "POST",
        headers: { origin: setup.app, "content-type": "application/json", ...(forged && { "x-forwarded-for": forged }) },
        body: JSON.stringify({ email: "nobody@example.com", password: "guessed" }),
      });
    const statuses = [];
    for (const forged of ["203.0.113.1", "203.0.113.2", "203.0.113.3, 127.0.0.1", "127.0.0.1", undefined]) {
      statuses.push(await guess("127.8.0.1", forged));
    }
    assert.deepEqual(statuses, [401, 401, 401, 429, 429]);
    assert.equal(await guess("127.8.0.2"), 401);
    await proxy.close();
  });

  story(stage, "What server components ask sallyport counts for the browser, not for Next", async ({ setup }) => {
    const visit = (client) => send(`${setup.app}/account`, client, { headers: { cookie: "better-auth.session_token=made-up" } });
    assert.equal(await visit("127.8.0.3"), 307);
    // What its browser may ask in ten seconds (sallyport.yaml), asked through a proxy that sallyport trusts.
    const ask = () => send(`${setup.auth}/api/auth/get-session`, "127.0.0.1", { headers: { "x-forwarded-for": "127.8.0.3" } });
    await Promise.all(Array.from({ length: 300 }, ask));
    assert.equal(await visit("127.8.0.3"), 500, "sallyport refuses, and an error page says so");
    assert.equal(await visit("127.8.0.4"), 307);
  });

  story(stage, "A request for a WebSocket brings no made-up address to sallyport", async ({ setup }) => {
    const giveUp = new AbortController();
    const ask = (headers, signal) => send(`${setup.app}/api/auth/get-session`, "127.8.0.5", { headers, signal });
    const forged = { connection: "upgrade", upgrade: "websocket", "x-forwarded-for": "203.0.113.9" };
    const answered = ask(forged, giveUp.signal).then(() => true, () => false);
    const others = async () => {
      for (let i = 0; i < 10; i++) assert.equal(await ask(), 200);
      return false; // Next leaves such a request without an answer, and ten that came later have theirs
    };
    const first = await Promise.race([answered, others()]).finally(() => giveUp.abort()); // else Next waits for it at its end
    assert.equal(first, false, "it is not answered");
  });
};

/** A proxy as nginx is one: it adds its client to X-Forwarded-For, and connects from 127.0.0.1, which both servers trust. */
async function proxyTo(origin) {
  const server = http.createServer((request, response) => {
    const chain = [request.headers["x-forwarded-for"], request.socket.remoteAddress].filter(Boolean).join(", ");
    const headers = { ...request.headers, "x-forwarded-for": chain };
    const onward = http.request(new URL(request.url, origin), { method: request.method, headers, family: 4 }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}

/** The status of the answer to a request that comes from that address. */
function send(url, localAddress, { method = "GET", headers, body, signal }) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, localAddress, family: 4, signal }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode));
    });
    request.on("error", reject).end(body);
  });
}
