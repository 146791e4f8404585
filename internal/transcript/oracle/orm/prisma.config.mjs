// Lets the command line of Prisma do with what its packages bring: the schema engine as WebAssembly, over
// a driver of JavaScript. The other engine, the only one that Prisma 7 takes, is fetched from elsewhere.
import { PrismaPg } from "@prisma/adapter-pg";
import { defineConfig } from "prisma/config";

export default defineConfig({
	schema: process.env.SCHEMA,
	experimental: { adapter: true },
	engine: "js",
	adapter: async () => new PrismaPg({ connectionString: process.env.DATABASE_URL }),
});
