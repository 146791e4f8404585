// Password hashes of Better Auth's form at another cost, for conversations that
// want to know nothing of hashes: in earnest, one takes a tenth of a second.
import { randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(scrypt);

/** Gives the option emailAndPassword.password for a cost {N, r}. */
export function hashesOf({ N, r }) {
	const keyOf = async (password, salt) => (await derive(password.normalize("NFKC"), salt, 64, { N, r })).toString("hex");
	return {
		async hash(password) {
			const salt = randomBytes(16).toString("hex");
			return [salt, await keyOf(password, salt)].join(":");
		},
		async verify({ hash, password }) {
			const [salt, key] = hash.split(":");
			if (!salt || !key) throw new Error("this is no hash");
			return key === (await keyOf(password, salt));
		},
	};
}
