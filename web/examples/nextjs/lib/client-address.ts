import { BlockList, isIP, isIPv6 } from "node:net";

/** Addresses and CIDR ranges of proxies, for clientAddress. */
export function proxyList(ranges: string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits] = range.split("/");
    if (bits === undefined) list.addAddress(address, family(address));
    else list.addSubnet(address, Number(bits), family(address));
  }
  return list;
}

/**
 * Whom a request is from, out of X-Forwarded-For. Each hop has added its peer at the right end, so the first address
 * from there that is no proxy of ours is the client's; what is further left is what the client itself has written.
 */
export function clientAddress(forwardedFor: string | null, proxies: BlockList): string | null {
  let address: string | null = null;
  for (const hop of (forwardedFor ?? "").split(",").toReversed()) {
    const next = hop.trim().replace(/^::ffff:(?=\d+\.)/i, "");
    if (!isIP(next)) break;
    address = next;
    if (!proxies.check(next, family(next))) break;
  }
  return address;
}

/** What counts as one client: an IPv4 address, or the /64 of which an IPv6 client has all addresses to choose from. */
export function clientNetwork(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail = ""] = address.split("%", 1)[0]!.split("::");
  const left = head.split(":").filter(Boolean);
  const right = tail.split(":").filter(Boolean);
  const groups = address.includes("::") ? [...left, ...Array(8 - left.length - right.length).fill("0"), ...right] : left;
  return `${groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}

function family(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}
