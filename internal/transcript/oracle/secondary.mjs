// Stands in for a Redis that Better Auth is given as its secondary storage: what
// it must do is documented with the type SecondaryStorage.

/** Makes an empty storage. Times to live are in seconds and are kept when a counter grows. */
export function secondaryStorage() {
	const entries = new Map();
	const live = (key) => {
		const entry = entries.get(key);
		if (entry && Date.now() < entry.ends) return entry;
		entries.delete(key);
	};
	const set = (key, value, ttl) => {
		entries.set(key, { value, ends: ttl ? Date.now() + ttl * 1000 : Infinity });
	};
	return {
		get: async (key) => live(key)?.value ?? null,
		set: async (key, value, ttl) => set(key, value, ttl),
		delete: async (key) => void entries.delete(key),
		getAndDelete: async (key) => {
			const value = live(key)?.value ?? null;
			entries.delete(key);
			return value;
		},
		increment: async (key, ttl) => {
			if (!live(key)) set(key, 0, ttl);
			return ++entries.get(key).value;
		},
	};
}
