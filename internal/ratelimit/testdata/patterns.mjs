// Records which paths better-auth's keys of customRules match.
// Usage: node patterns.mjs NODE_MODULES > patterns.json
import { pathToFileURL } from "node:url";

const { wildcardMatch } = await import(pathToFileURL(`${process.argv[2]}/better-auth/dist/utils/wildcard.mjs`));

const segments = ["", "a", "ab", "b", "sign-in", "x.y", "%2A", "a*b"];
const paths = ["/", "/a", "/ab", "/abc", "/a/b", "/a//b", "/a/b/a", "/sign-in", "/sign-in/email", "/sign-in/email/x", "/sign-inx", "/sign-in-else/x",
  "/x.y", "/xzy", "/a*b", "/a%2Ab", "/%2A", "/a+b", "/(a)", "/[a]", "/a/sign-in/b", "//a", "/nothing", "/nothing/a", "/nothing/a/b/c", "/callback/google", "/callback/", "/reset-password/abc"];
for (const one of segments) for (const two of segments) paths.push(`/${one}/${two}`);

const patterns = ["*", "**", "/*", "/**", "/a*", "/*a", "/a*b", "/a/*", "/a/**", "/**/a", "/*/a", "*/a", "**/a", "/a/**/b", "/a/*/b", "/**/*", "/*/**", "/**/**", "/**/**/a", "/a**", "/**a", "/a**b", "/a/b*",
  "/sign-in/*", "/sign-in/**", "/sign-in*", "/sign-in/*/x", "/sign-in**", "/**/email", "/*.y", "/x.*", "/?*", "/a?*", "/*?", "/a\\*b*", "/a\\*b/*", "/\\a*", "/*\\", "/a\\/*", "/(a)*", "/[a]*", "/a+b*", "/^*$", "/a|b*",
  "/nothing/**", "/callback/*", "/reset-password/*", "//*", "/a//*", "//**", "/**//a", "/%2A*", "/*%2A"];
console.log(`{"paths":${JSON.stringify(paths)},\n"matches":{\n${patterns.map((p) => {
  const match = wildcardMatch(p);
  return `${JSON.stringify(p)}:"${paths.map((path) => (match(path) ? 1 : 0)).join("")}"`;
}).join(",\n")}\n}}`);
