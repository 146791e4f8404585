// Stands in for every host that an original asks, where it is given a provider to
// ask in their place. Several originals run in one process, so whose request it is
// is told by the call that it is made in.
import { AsyncLocalStorage } from "node:async_hooks";

/** The fetch that goes where its address says. */
export const direct = globalThis.fetch;

const provider = new AsyncLocalStorage();

/** Runs a function whose requests, and those of all it calls, go to a provider. */
export const through = (address, run) => (address ? provider.run(address, run) : run());

const redirects = new Set([301, 302, 303, 307, 308]);
const mostRedirects = 20;

/** The address under which the provider has another one. */
const under = (address, { protocol, host, pathname, search }) =>
	`${address}/${protocol.slice(0, -1)}/${host}${pathname}${search}`;

/** What a redirect makes of a request, as https://fetch.spec.whatwg.org/#http-redirect-fetch says. */
function redirected(init, status, isSameOrigin) {
	const method = (init.method ?? "GET").toUpperCase();
	const becomesGet = (status === 303 && method !== "HEAD") || (status <= 302 && method === "POST");
	const headers = new Headers(init.headers);
	if (!isSameOrigin) headers.delete("authorization");
	return becomesGet ? { ...init, headers, method: "GET", body: undefined } : { ...init, headers };
}

/** Fetches as the global function does, but from the provider. */
async function ask(address, input, init = {}) {
	if (input instanceof Request) throw new Error("the provider is asked by address only");
	let url = new URL(String(input));
	let request = init;
	for (let hops = 0; hops <= mostRedirects; hops++) {
		const answer = await direct(under(address, url), { ...request, redirect: "manual" });
		const follows = (init.redirect ?? "follow") !== "manual";
		const to = answer.headers.get("location");
		if (!redirects.has(answer.status) || !to || !follows) return answer;
		if (init.redirect === "error") break;
		const next = new URL(to, url);
		request = redirected(request, answer.status, next.origin === url.origin);
		url = next;
	}
	throw new TypeError("fetch failed");
}

globalThis.fetch = function fetch(input, init) {
	const address = provider.getStore();
	return address ? ask(address, input, init) : direct(input, init);
};
