import { createServer } from "node:net";

/** Ports nobody listens on, as many as there are names. */
export async function freePorts(names) {
  const held = await Promise.all(names.map(() => listen(0)));
  const ports = held.map((server) => server.address().port);
  await Promise.all(held.map((server) => new Promise((done) => server.close(done))));
  return Object.fromEntries(names.map((name, i) => [name, ports[i]]));
}

/** The ones of these ports that something listens on. */
export async function takenPorts(ports) {
  const taken = [];
  for (const port of ports) {
    const server = await listen(port).catch(() => taken.push(port));
    if (server instanceof Object) await new Promise((done) => server.close(done));
  }
  return taken;
}

// Without an address, which is all of them: a server on ::1 alone is found, too.
function listen(port) {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(port, () => resolve(server));
  });
}
