// The least that an app has, exported as the default.
import { betterAuth } from "../../transcript/oracle/node_modules/better-auth/dist/index.mjs";

console.log("an app may print what it likes");

export default betterAuth({ emailAndPassword: { enabled: true, minPasswordLength: 8 } });
