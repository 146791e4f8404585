// Prints the options of a Better Auth app as JSON, for `sallyport config import`:
//
//   node --env-file=.env print-options.mjs ./src/auth.ts > auth-options.json
//
// README.md beside it tells how to run it where Node cannot read the app's TypeScript.
//
// It imports the app's module, asks nothing of its database and sends nothing. Secrets are not printed: a
// text that is also in an environment variable is printed as that variable's name, any other secret as a
// mark. --with-secrets prints them; --export NAME names the export where it is neither auth nor the default.
import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

/** The form of what is printed, which the import checks. */
const form = 1;

// What the app's modules print on their way must not end up in the JSON.
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);
for (const method of ["log", "info", "debug"]) console[method] = console.error; // Bun's write past the stream

const limits = { depth: 40, text: 64 * 1024, items: 10_000, values: 200_000 };

/** Keys whose texts are secret. Under `fields` the same words are names of columns. */
const secretKey = /(secret|password|passphrase|private_?key|api_?key|access_?key|secret_?key|connection_?string|authorization)$/i;
const secretHeader = /(auth|token|secret|key|password|cookie)/i;
const secretText = [/^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i, /-----BEGIN [A-Z ]*PRIVATE KEY-----/];

const own = /^(npm_|NODE|BUN|TERM|SHELL|HOME|PWD|OLDPWD|PATH|USER|LOGNAME|LANG|_$)/;
const variables = Object.entries(process.env).filter(([name, value]) => value.length >= 8 && !own.test(name));

/** The environment variable that holds a text, a Better Auth one first. */
function variableWith(text) {
  const names = variables.filter(([, value]) => value === text).map(([name]) => name);
  return names.find((name) => name.includes("AUTH")) ?? names[0];
}

const isSecret = (text, path) =>
  (secretKey.test(path.at(-1)) && path.at(-2) !== "fields") ||
  (/headers$/i.test(path.at(-2)) && secretHeader.test(path.at(-1))) ||
  (path[0] === "secrets" && path.at(-1) === "value") ||
  secretText.some((pattern) => pattern.test(text));

function textForm(text, path, run) {
  if (text.length > limits.text) return { $long: text.length };
  const secret = isSecret(text, path);
  const variable = variableWith(text);
  if (variable && secret && !run.withSecrets) return { $env: variable };
  if (variable && !secret) return { $env: variable, value: text };
  return secret && !run.withSecrets ? { $secret: true } : text;
}

const one = String.raw`\(?\s*(?:\{\s*(?:user|session)(?:\s*,\s*(?:user|session))?\s*\}|[\w$]+)\s*\)?`;
const arrow = new RegExp(String.raw`^(?:async\s+)?(${one})\s*=>\s*([^]+)$`);

/** A path of names from the argument of a function, without the argument: `user.email`. */
function pathFrom(argument, text) {
  const path = text.trim().match(/^[\w$]+(?:\.[\w$]+)+$/)?.[0];
  if (!path) return undefined;
  const inner = argument.includes("{") ? path : path.startsWith(`${argument.replace(/[()\s]/g, "")}.`) && path.slice(path.indexOf(".") + 1);
  return inner && /^(user|session)\./.test(inner) ? inner : undefined;
}

function payloadFrom(argument, text) {
  const body = text.trim().match(/^\(\s*\{([^{}]*)\}\s*\)$/)?.[1];
  if (body === undefined) return undefined;
  const claims = {};
  for (const entry of body.split(",").filter((part) => part.trim())) {
    const [, name, value] = entry.match(/^\s*["']?([\w$]+)["']?\s*:\s*([^]+)$/) ?? [];
    const path = name && pathFrom(argument, value);
    if (!path) return undefined;
    claims[name] = path;
  }
  return Object.keys(claims).length ? claims : undefined;
}

/** Which fields a function fills from its argument, as paths without the argument: `{ nick: profile.info.nick }`. */
function fieldsFrom(argument, text) {
  const body = text.trim().match(/^\(\s*\{([^{}]*)\}\s*\)$/)?.[1];
  if (body === undefined || !/^[\w$]+$/.test(argument)) return undefined;
  const fields = {};
  for (const entry of body.split(",").filter((part) => part.trim())) {
    const [, name, from, path] = entry.match(/^\s*["']?([\w$]+)["']?\s*:\s*([\w$]+)((?:\??\.[\w$]+)+)\s*$/) ?? [];
    if (from !== argument) return undefined;
    fields[name] = path.replaceAll("?", "").slice(1);
  }
  return Object.keys(fields).length ? fields : undefined;
}

/** The field of a profile that a function gives, as the accountSubject of a provider does. */
function subjectFrom(text) {
  const [, holder, context, body] = text.trim().match(/^(?:async\s+)?(?:\(\s*\{\s*(profile)\s*\}\s*\)|\(?\s*([\w$]+)\s*\)?)\s*=>\s*([^]+)$/) ?? [];
  if (!body) return undefined;
  const path = String.raw`${holder ?? `${context.replaceAll("$", "\\$")}\.profile`}((?:\??\.[\w$]+)+)`;
  const forms = [path, String.raw`${path}\s*\?\?\s*["']{2}`, String.raw`String\(\s*${path}\s*\)`, String.raw`typeof ${path}\s*===?\s*["']string["']\s*\?\s*${path}\s*:\s*["']{2}`];
  const found = forms.map((form) => body.trim().match(new RegExp(`^\\(?\\s*${form}\\s*\\)?$`))).find(Boolean);
  if (!found || (found[2] ?? found[1]) !== found[1]) return undefined;
  return found[1].replaceAll("?", "").slice(1);
}

/** The helpers of genericOAuth by what their getUserInfo has in it, in every version; the import compares the addresses. */
const helpers = [
  ["gumroad", "api.gumroad.com/v2/user"],
  ["hubspot", "api.hubapi.com/oauth/v1/access-tokens"],
  ["patreon", "www.patreon.com/api/oauth2/v2/identity"],
  ["slack", "slack.com/api/openid.connect.userInfo"],
  ["yandex", "login.yandex.ru/info"],
  ["line", "decodeJwt(tokens.idToken)", "betterFetch(userInfoUrl", "emailVerified:false"],
  ["microsoftEntraId", "betterFetch(userInfoUrl"],
  ["auth0", "betterFetch(`https://${domain}/userinfo`"],
  ["keycloak", "betterFetch(`${issuer}/protocol/openid-connect/userinfo`"],
  ["okta", "betterFetch(`${issuer}/oauth2/v1/userinfo`"],
];

function helperOf(text) {
  const plain = text.replace(/\s+/g, ""); // a loader may have taken spaces out
  return helpers.find(([, ...parts]) => parts.every((part) => plain.includes(part)))?.[0];
}

/**
 * What a function does, where its text is one of a few that also have a form in a file. It is never called:
 * nobody knows what it would do.
 */
function functionForm(fn) {
  const text = Function.prototype.toString.call(fn).trim();
  const mark = { $function: fn.name || "anonymous", subject: subjectFrom(text), helper: helperOf(text) };
  const [, argument, body] = text.match(arrow) ?? [];
  if (!body) return /^\(\s*\)\s*=>\s*(globalThis\.)?(crypto\.)?randomUUID\(\)$/.test(fn) ? { ...mark, gives: "uuid" } : mark;
  const name = argument.replace(/[()\s]/g, "");
  const tested = body.match(/^\/((?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([a-z]*)\.test\(\s*([\w$]+)\s*\)$/);
  if (tested?.[3] === name) return { ...mark, tests: tested[1], flags: tested[2] };
  const called = body.match(/^([\w$]+)\.(toLowerCase|trim)\(\)$/);
  if (called?.[1] === name) return { ...mark, calls: called[2] };
  const path = pathFrom(argument, body);
  if (path) return { ...mark, gives: path };
  const claims = payloadFrom(argument, body);
  if (claims) return { ...mark, gives: claims };
  const fields = fieldsFrom(name, body);
  return fields ? { ...mark, fills: fields } : mark;
}

const isPlain = (value) => [Object.prototype, null].includes(Object.getPrototypeOf(value));
const className = (value) => value.constructor?.name || "object";

/** Any value as JSON, with a mark in the place of what JSON has no form for. */
function jsonForm(value, path, run) {
  if (++run.values > limits.values) throw new Error("the options hold too many values to be options");
  switch (typeof value) {
    case "string":
      return textForm(value, path, run);
    case "boolean":
    case "undefined":
      return value;
    case "number":
      return Number.isFinite(value) ? value : { $number: String(value) };
    case "bigint":
      return { $bigint: String(value) };
    case "symbol":
      return { $symbol: value.description ?? "" };
    case "function":
      return functionForm(value);
  }
  return value === null ? null : objectForm(value, path, run);
}

function objectForm(value, path, run) {
  if (value instanceof RegExp) return { $regexp: value.source, flags: value.flags };
  if (value instanceof Date) return { $date: Number.isNaN(value.getTime()) ? "" : value.toISOString() };
  if (run.above.includes(value)) return { $cycle: true };
  if (path.length > limits.depth) return { $deep: true };
  if (!Array.isArray(value) && !isPlain(value)) return { $instance: className(value) };
  run.above.push(value);
  const made = Array.isArray(value) ? listForm(value, path, run) : membersForm(value, path, run);
  run.above.pop();
  return made;
}

function listForm(list, path, run) {
  if (list.length > limits.items) return { $long: list.length };
  return list.map((item, i) => jsonForm(item, [...path, String(i)], run) ?? null);
}

function membersForm(object, path, run) {
  // Keys with a $ are marks here. An app has no options of such names.
  const members = Object.keys(object).filter((key) => !key.startsWith("$"));
  return Object.fromEntries(members.map((key) => [key, memberForm(object, key, path, run)]));
}

function memberForm(object, key, path, run) {
  let value;
  try {
    value = object[key];
  } catch (error) {
    return { $error: String(error?.message ?? error) };
  }
  return jsonForm(value, [...path, key], run);
}

/** A plugin by its id, with the options that it shows, and the fields that it adds to tables. */
function pluginForm(plugin, i, run) {
  if (!plugin || typeof plugin !== "object") return { id: `number ${i + 1}` };
  const fields = Object.entries(plugin.schema ?? {}).map(([model, { fields }]) => [model, Object.keys(fields ?? {})]);
  return {
    id: String(plugin.id),
    version: plugin.version,
    options: "options" in plugin ? jsonForm(plugin.options ?? {}, ["plugins", plugin.id], run) : undefined,
    fields: fields.length ? Object.fromEntries(fields) : undefined,
  };
}

const kinds = [
  ["postgres", /^(bound)?pool$|^client$|postgres|^pg|neon|cockroach/i],
  ["mysql", /mysql|planetscale/i],
  ["mssql", /mssql|tedious/i],
  ["sqlite", /sqlite|d1|libsql|^database(sync)?$/i],
  ["mongodb", /mongo/i],
];

const kindOf = (...hints) => kinds.find(([, pattern]) => hints.some((hint) => hint && pattern.test(hint)))?.[0];

/** What is known of the database without a password: its kind, where it is, and the names of tables. */
function databaseForm(database, options, run) {
  if (typeof database === "function") return adapterForm(database, options);
  if (!database || typeof database !== "object") return undefined;
  if (!isPlain(database)) return connectionForm(database, className(database), run);
  const { dialect, db, type, ...rest } = database;
  const holder = dialect ?? db ?? database;
  return {
    ...connectionForm(poolOf(holder), className(holder), run),
    kind: kindOf(type, className(holder)),
    options: jsonForm(rest, ["database"], run),
  };
}

/** Kysely's dialects keep their pool in a private field; others hold it themselves. */
const poolOf = (holder) => holder.pool ?? holder;

function connectionForm(pool, name, run) {
  const settings = pool.options ?? {};
  const { connectionString: url } = settings;
  return {
    $instance: name,
    kind: kindOf(name),
    url: url && textForm(url, ["connectionString"], run),
    host: settings.host,
    database: settings.database,
    schemaName: String(settings.options ?? "").match(/search_path=["']?(\w+)/)?.[1],
  };
}

/** Adapters of ORMs are functions that make one; making it asks nothing of the database. */
function adapterForm(make, options) {
  const mark = { $instance: "adapter" };
  let adapter;
  try {
    adapter = make(options);
  } catch {
    return mark;
  }
  const { provider, usePlural, schema, adapterConfig } = adapter?.options ?? {};
  const plural = Boolean(usePlural ?? adapterConfig?.usePlural);
  return {
    ...mark,
    $instance: `${adapter?.id ?? "unknown"} adapter`,
    kind: kindOf(provider, adapter?.options?.type, adapterConfig?.type, adapter?.id),
    usePlural: plural,
    schemaName: Object.values(schema ?? {}).find((table) => table?.[drizzleSchema])?.[drizzleSchema],
    tables: drizzleTables(schema, plural, options),
  };
}

/** Where a Drizzle table keeps what it is. */
const [drizzleName, drizzleSchema, drizzleColumns] = ["Name", "Schema", "Columns"].map((key) => Symbol.for(`drizzle:${key}`));

/** The tables and columns of a Drizzle schema, by the names that Better Auth knows them by. */
function drizzleTables(schema, plural, options) {
  if (!schema) return undefined;
  const added = (options.plugins ?? []).flatMap((plugin) => Object.entries(plugin.schema ?? {}));
  const models = [...["user", "session", "account", "verification", "rateLimit"].map((model) => [model, {}]), ...added];
  const tables = {};
  for (const [model, { modelName }] of models) {
    const called = options[model]?.modelName ?? modelName ?? model;
    const table = schema[called] ?? (plural ? schema[`${called}s`] : undefined);
    if (!table?.[drizzleName]) continue;
    const columns = Object.entries(table[drizzleColumns] ?? {}).map(([field, column]) => [field, column.name]);
    tables[model] = { name: table[drizzleName], columns: Object.fromEntries(columns) };
  }
  return tables;
}

/** The options of an auth instance in the form that is printed. */
export function printable(options, { withSecrets = false } = {}) {
  const run = { withSecrets, values: 0, above: [] };
  const { database, secondaryStorage, plugins, ...rest } = options;
  return {
    sallyport: form,
    options: {
      ...jsonForm(rest, [], run),
      database: databaseForm(database, options, run),
      secondaryStorage: secondaryStorage && { $instance: className(secondaryStorage) },
      plugins: plugins?.map((plugin, i) => pluginForm(plugin, i, run)),
    },
  };
}

/** Finds the auth instance in a module: a named export, auth, or the default one. */
async function findAuth(module, name) {
  const found = name ? [module[name], module.default?.[name]] : [module.auth, module.default, module.default?.auth, module.default?.default];
  for (const candidate of found) {
    const auth = await candidate;
    if (auth?.options && typeof auth.options === "object") return auth;
  }
  const names = Object.keys(module).join(", ") || "nothing";
  throw new Error(`no auth instance is exported as ${name ?? "auth or default"}: the module exports ${names}; name one with --export`);
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { export: { type: "string" }, "with-secrets": { type: "boolean" } },
  });
  if (positionals.length !== 1) throw new Error("usage: print-options.mjs [--export NAME] [--with-secrets] PATH/TO/auth.ts");
  const module = await import(pathToFileURL(resolve(positionals[0])).href);
  const auth = await findAuth(module, values.export);
  const text = JSON.stringify(printable(auth.options, { withSecrets: values["with-secrets"] }), null, 2);
  // The app's pools would keep the process alive.
  print(`${text}\n`, () => process.exit(0));
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  main().catch((error) => {
    process.stderr.write(`print-options: ${error?.message ?? error}\n`);
    process.exit(1);
  });
}
