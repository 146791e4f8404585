import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import http from "node:http";

/**
 * Receives the messages of a server whose `messaging.webhook` has this address
 * and secret. A signature that is not right (Standard Webhooks) fails the test
 * that waits. Ends with close().
 */
export async function openInbox(url, secret) {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const kept = [];
  let arrived = () => {};

  const server = http.createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    const { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": signatures } = request.headers;
    const right = createHmac("sha256", key).update(`${id}.${time}.${body}`).digest("base64");
    kept.push({ ...JSON.parse(body), signed: signatures.split(" ").includes(`v1,${right}`) });
    response.end();
    arrived();
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject).listen(Number(new URL(url).port), "127.0.0.1", resolve);
  });

  /** The data of the next message of that kind for that person, which is then taken out. */
  async function next(event, recipient) {
    const deadline = setTimeout(() => arrived(new Error("late")), 30_000);
    try {
      for (;;) {
        const at = kept.findIndex((m) => m.event === event && m.recipient === recipient.toLowerCase());
        if (at >= 0) {
          const [message] = kept.splice(at, 1);
          assert.ok(message.signed, "the signature is right");
          return message.data;
        }
        const late = await new Promise((resolve) => {
          arrived = resolve;
        });
        if (late) assert.fail(`no ${event} for ${recipient}`);
      }
    } finally {
      clearTimeout(deadline);
    }
  }

  return { next, close: () => server.close() };
}
