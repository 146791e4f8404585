// Records how better-auth normalises addresses and walks forwarded chains.
// Usage: node record.mjs NODE_MODULES > answers.json
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const modules = process.argv[2];
const { findInvalidTrustedProxies, getIPFromHeader, isValidIP, normalizeIP } = await import(
  pathToFileURL(`${modules}/@better-auth/core/dist/utils/ip.mjs`));
const { version } = JSON.parse(readFileSync(`${modules}/better-auth/package.json`));

const addresses = [
  "127.0.0.1", "203.0.113.9", "0.0.0.0", "255.255.255.255", "::1", "::", "2001:db8::1", "2001:DB8:0:0:1:2:3:4", "2001:db8:1:2:3:4:5:6",
  "fe80::1", "fd00:1:2:3::9", "::ffff:203.0.113.9", "::FFFF:203.0.113.9", "::ffff:cb00:7109", "0:0:0:0:0:ffff:203.0.113.9", "0:0:0:0:0:FFFF:cb00:7109",
  "0000:0000:0000:0000:0000:ffff:cb00:7109", "64:ff9b::cb00:7109", "2002:cb00:7109::", "2001:db8::ffff:1:2", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::8",
];
const subnets = [128, 127, 96, 64, 63, 57, 56, 48, 33, 32, 16, 1];
const invalid = [
  "", "unknown", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "::1::", ":::", "1:2:3:4:5:6:7:8:9", "fe80::1%eth0", "_hidden", "12345::", "g::1", "1.2.3.4/8", "0x7f.1", "127.1", "localhost",
];
const ranges = [
  "10.0.0.0/8", "10.0.0.1", "10.1.2.3/16", "::1", "fc00::/7", "2001:db8::/33", "0.0.0.0/0", "::/0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8/8", "::/129", "loopback", "10.0.0.0/a", "", "10.0.0.0 /8", "fe80::1%eth0/10",
  "::ffff:10.0.0.0/8", "::ffff:10.0.0.0/104",
];
const chains = [
  ["10.0.0.0/8"], ["127.0.0.0/8", "::1"], ["10.0.0.0/8", "192.168.0.0/16", "fc00::/7"], ["::ffff:10.0.0.0/8"], ["203.0.113.9"], ["0.0.0.0/0"], ["10.128.0.0/9"],
].flatMap((proxies) => [
  "203.0.113.9", "203.0.113.9, 10.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.1", "10.0.0.1", "10.0.0.2, 10.0.0.1", "garbage, 203.0.113.9", "203.0.113.9, garbage", "203.0.113.9,garbage,10.0.0.1",
  " 203.0.113.9 ,, 10.0.0.1 ,", "2001:db8::7, 10.0.0.1", "::ffff:203.0.113.9, ::ffff:10.0.0.1", "fd00::1, 192.168.1.1, 10.200.0.1", "10.200.0.1, 10.1.0.1", "1.2.3.4, ::1, 127.0.0.1", "",
].map((value) => ({ proxies, value, address: getIPFromHeader(value, { trustedProxies: proxies }) })));

const rows = {
  version,
  normalised: addresses.flatMap((address) => [{ address, text: normalizeIP(address) },
    ...subnets.map((subnet) => ({ address, subnet, text: normalizeIP(address, { ipv6Subnet: subnet }) }))]),
  invalid: invalid.filter((address) => !isValidIP(address)),
  badRanges: findInvalidTrustedProxies(ranges),
  goodRanges: ranges.filter((range) => findInvalidTrustedProxies([range]).length === 0),
  chains,
};
if (rows.invalid.length !== invalid.length) throw new Error("an invalid address is valid");
const list = (values) => `[\n${values.map((v) => JSON.stringify(v)).join(",\n")}\n]`;
console.log(`{${Object.entries(rows).map(([key, value]) => `${JSON.stringify(key)}:${Array.isArray(value) ? list(value) : JSON.stringify(value)}`).join(",\n")}}`);
