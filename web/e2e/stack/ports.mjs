import { randomInt } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";

/**
 * Ports nobody listens on, by these names. A build of the application has them in it, so those of the last run are
 * taken again where they can be.
 */
export async function freePorts(names, file) {
  const last = read(file);
  const usable = last && names.every((name) => last[name]) && !(await takenPorts(Object.values(last))).length;
  const ports = usable ? last : await newPorts(names);
  writeFileSync(file, JSON.stringify(ports));
  return ports;
}

/** The ones of these ports that something listens on. */
export async function takenPorts(ports) {
  const taken = await Promise.all(ports.map((port) => listen(port).then(close, () => port)));
  return taken.filter((port) => port !== undefined);
}

// Of those that the system gives to nobody by itself, or a connection could have one before its program has started.
async function newPorts(names) {
  const servers = [];
  while (servers.length < names.length) {
    await listen(randomInt(20_000, 32_000)).then((server) => servers.push(server), () => {});
  }
  const ports = Object.fromEntries(names.map((name, i) => [name, servers[i].address().port]));
  await Promise.all(servers.map(close));
  return ports;
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined; // the first run
  }
}

// Without an address, which is all of them: a server on ::1 alone is found, too.
function listen(port) {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(port, () => resolve(server));
  });
}

const close = (server) => new Promise((done) => server.close(() => done()));
