// Prints the options of many originals as the script of docs/migrate does, one a line: those that the
// oracle makes of the configurations that it reads, one a line.
import { createInterface } from "node:readline";

import { printable } from "../../../docs/migrate/print-options.mjs";
import { optionsFrom } from "../../transcript/oracle/options.mjs";

const write = process.stderr.write.bind(process.stderr);

for await (const line of createInterface({ input: process.stdin })) {
	const { options } = await optionsFrom(JSON.parse(line), "postgres://127.0.0.1/auth", "http://127.0.0.1:9");
	write(`${JSON.stringify(printable(options, { withSecrets: true }))}\n`);
}
