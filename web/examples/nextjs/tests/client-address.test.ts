import { expect, test } from "vitest";
import { clientAddress, clientNetwork, proxyList } from "@/lib/client-address";

const proxies = proxyList(["10.0.0.0/8", "192.0.2.1", "fd00::/8"]);

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["203.0.113.9, 10.0.0.2", "203.0.113.9"],
  ["203.0.113.9, 192.0.2.1, 10.0.0.2", "203.0.113.9"],
  ["2001:db8::7, fd00::1", "2001:db8::7"],
  ["::ffff:203.0.113.9, ::ffff:10.0.0.2", "203.0.113.9"],
])("%s comes from %s", (chain, address) => {
  expect(clientAddress(chain, proxies)).toBe(address);
});

test.each(["1.1.1.1", "10.0.0.9", "garbage", "1.1.1.1, 10.0.0.1", "::1"])("a client that sends %s is no other", (forged) => {
  expect(clientAddress(`${forged}, 203.0.113.9`, proxies)).toBe("203.0.113.9");
  expect(clientAddress(`${forged}, 203.0.113.9, 10.0.0.2`, proxies)).toBe("203.0.113.9");
});

test("of a chain of proxies alone the first counts that can be read", () => {
  expect(clientAddress("10.0.0.3, 10.0.0.2", proxies)).toBe("10.0.0.3");
  expect(clientAddress("garbage, 10.0.0.2", proxies)).toBe("10.0.0.2");
});

test("no chain is no address", () => {
  expect(clientAddress(null, proxies)).toBeNull();
  expect(clientAddress("", proxies)).toBeNull();
  expect(clientAddress("unknown", proxies)).toBeNull();
});

test("an IPv6 client has its /64, however it is written", () => {
  expect(clientNetwork("203.0.113.9")).toBe("203.0.113.9");
  expect(clientNetwork("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
  expect(clientNetwork("2001:DB8:0001:2::6")).toBe("2001:db8:1:2::/64");
  expect(clientNetwork("2001:db8::6")).toBe("2001:db8:0:0::/64");
  expect(clientNetwork("::1")).toBe("0:0:0:0::/64");
  expect(clientNetwork("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
});
