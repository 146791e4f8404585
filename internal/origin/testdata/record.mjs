// Records what better-auth answers for a table of URLs and trusted origins.
// Usage: node record.mjs NODE_MODULES > answers.json
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const modules = process.argv[2];
const load = (path) => import(pathToFileURL(`${modules}/${path}`));
const { matchesOriginPattern } = await load("better-auth/dist/auth/trusted-origins.mjs");
const { appendQueryParams } = await load("@better-auth/core/dist/utils/url.mjs");
const { version } = JSON.parse(readFileSync(`${modules}/better-auth/package.json`));

const patterns = [
  "https://app.example.com", "http://app.example.com", "https://app.example.com:8443", "https://app.example.com:443",
  "https://app.example.com/", "https://app.example.com/path", "https://APP.example.com", "app.example.com", "example.com",
  "http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000", "https://example.com", "https://xn--bcher-kva.example",
  "*", "*.example.com", "*.example.com:8443", "app-?.example.com", "**", "*:3000", "192.168.*.*", "10.*", "1?2.168.1.1", "127.0.0.*",
  "https://*.example.com", "https://*.example.com:*", "http://*:3000", "https://*", "*://app.example.com", "https://app-?.example.com",
  "https://**", "https://**.example.com", "https://*.example.com/*", "https://192.168.*.*", "http://10.*.*.*:3000", "http://192.168.*.*:*",
  "https://exam\\ple.com", "https://app.\\*.com", "https://*.Example.com", "https://[*]:3000", "https://a*/**/b",
  "myapp://", "myapp://callback", "myapp://callback/deep", "MyApp://Callback", "myapp:/path", "myapp:path", "myapp:", "exp://", "exp://192.168.*.*:*/*",
  "exp://**", "exp://*/--/*", "exp://192.168.1.5:8081", "exp://*:8081/**", "myapp://*", "myapp://call*", "myapp://callback/*", "myapp://callback/**/end",
  "myapp://c?llback", "com.example.app://oauth", "capacitor://localhost", "chrome-extension://*", "chrome-extension://abcdef", "file://", "myapp://host/a%20b", "localhost:3000",
];

const urls = [
  "", "null", "about:blank", "example.com", "app.example.com", "//app.example.com", "/", "/path", "/path?x=1#y", "/a b", "/é",
  "/a/../b", "/..", "/./a", "/a/./", "/.//app.example.com", "/a/..//app.example.com", "/%2e//app.example.com", "/a/%2E%2e//b", "/a/%2e%2E/%2e./b/.",
  "/a%2fb", "/a%2Fb", "/a%5cb", "/?x=%2f", "/#%5c", "/a\\b", "/\\app.example.com", "/\t/app.example.com", "/a\u0085", "/a\u007f", "/a?b=\\", "/\u00a0", "/a%", "/a%zz", "/[id]", "/{id}", "/a:b@c", "/ /x", "/;x", "/a//b",
  "/a?q=a'b\"c<d>", "/a#a'b\"c<d>`e", "/?", "/#", "/a?#", "/a^b|c", "/a\u2028b", "/\u202e",
  "https://app.example.com", "https://app.example.com/", "https://app.example.com/x/../y?q=1#f", "https://app.example.com?x", "https://app.example.com#x", "HTTPS://APP.EXAMPLE.COM", "https://App.Example.com/Path",
  "https://app.example.com:443", "https://app.example.com:443/x", "https://app.example.com:0443/", "https://app.example.com:", "https://app.example.com:/x", "https://app.example.com:8443", "https://app.example.com:8443/cb", "https://app.example.com:99999", "https://app.example.com:-1", "https://app.example.com:8a", "https://app.example.com: 80", "https://app.example.com:0",
  "http://app.example.com", "http://app.example.com:80", "http://app.example.com:3000/x", "https://a.b.example.com", "https://example.com", "https://example.com.", "https://app.example.com.", "https://app-1.example.com/x", "https://app-12.example.com", "https://evilexample.com", "https://app.example.com.evil.test", "https://evil.test/https://app.example.com", "https://evil.test?https://app.example.com", "https://evil.test#.example.com",
  "http://localhost:3000", "http://localhost:3000/cb?x=1", "http://localhost", "localhost:3000", "http://127.0.0.1:3000", "http://127.1:3000", "http://0x7f.1:3000", "http://2130706433:3000", "http://127.0.0.01:3000", "http://127.0.0.1.:3000", "http://[::1]:3000", "http://[0:0:0:0:0:0:0:1]:3000/", "http://[::1%25lo]:3000", "http://[::ffff:127.0.0.1]:3000", "http://[::ffff:7f00:1]:3000", "http://[::1:3000", "http://::1:3000", "http://[1::0:0:2]:3000", "https://[2001:DB8::]:3000", "http://1.2.3.256", "http://1.2.3.4.5", "http://foo.0x", "http://foo.09",
  "https://192.168.1.1", "https://192.168.1.1:3000", "https://192.168.attacker.com", "https://192.168.1.attacker.com", "http://10.1.2.3:3000", "http://10.evil.com:3000", "https://10.0.0.1", "https://172.168.1.1", "https://192.168.1.1/x",
  "https://user@app.example.com", "https://user:pw@app.example.com/x", "https://app.example.com@evil.test", "https://app.example.com%40evil.test", "https://app.example.com\\@evil.test", "https://evil.test\\@app.example.com", "https://evil.test\\.example.com", "https://app.example.com\\evil", "https:app.example.com", "https:/app.example.com", "https:///app.example.com", "https:////app.example.com/x", "https:\\\\app.example.com", "https://", "https:", "http://?x", "https:///",
  " https://app.example.com", "https://app.example.com ", "https://app.example.com\n", "ht\ntps://app.example.com", "https://app.exa\tmple.com", "https://app.example.com/\u0000", "https://app.example.com/a b", "https://app.example.com/é?é#é", "https://app.example.com/a\\b", "https://app.example.com/?q=a\\b", "https://app.example.com/%2f..", "https://app.example.com//evil.test", "https://app.example.com/..//x",
  "https://bücher.example", "https://xn--bcher-kva.example/x", "https://ａpp.example.com", "https://app。example.com", "https://%61pp.example.com", "https://app%2eexample.com", "https://app.example%00.com", "https://a_b.example.com", "https://-a.example.com", "https://a..example.com", "https://.example.com", "https://*.example.com", "https://a+b.example.com", "https://a!b.example.com", "https://a,b.example.com", "https://a b.example.com", "https://a<b.example.com", "https://a|b.example.com", "https://exam\\ple.com", "https://app.*.com", "https://{x}.example.com", "https://\u00ad", "https://a\u00ad.example.com",
  "myapp://", "myapp:///", "myapp://callback", "myapp://callback/", "myapp://callback?x=1", "myapp://callback#x", "myapp://callback/deep", "myapp://callback/deep/er?x#y", "myapp://callback/deeper", "MYAPP://CALLBACK/Deep", "myapp://callback/../evil", "myapp://callback/deep/../../evil", "myapp://callback/deep/%2e%2e/evil", "myapp://callback/deep%2f..%2fevil", "myapp://callback/%64eep", "myapp://callback/deep%", "myapp://callback/deep/%ff", "myapp://callback.evil", "myapp://callback:80", "myapp://callback:x", "myapp://evil@callback", "myapp://callback@evil", "myapp://evil/callback", "myapp:callback", "myapp:/callback", "myapp:/path", "myapp:/path/below", "myapp:/path/../x", "myapp:path", "myapp:path/below", "myapp:path?x=1#y", "myapp:", "myapp:?x", "myapp:#x", "myapp://call back", "myapp://call<back", "myapp://c%61llback", "myapp://callback\\x", "myapp://callback/a b", "myapp://callback/é", "myapp://callback/x/y/end", "myapp://callback/x\ny", "myapp ://callback", "1app://callback", "-app://callback", "my+app://x", "myapp2://callback", "myapp://host/a%20b", "myapp://host/a b", "myapp://host/a/b/", "myapp:////callback", "myapp://?x", "myapp://:80", "myapp://callback?a=../..",
  "exp://192.168.1.5:8081", "exp://192.168.1.5:8081/--/auth", "exp://192.168.1.5:8081/--/auth/deep", "exp://192.168.evil.com:8081/x", "exp://u-abc.exp.direct", "exp://u-abc.exp.direct/--/x?y=1", "exp://a@192.168.1.5:8081/x", "exp://localhost:8081", "exp://[::1]:8081/x",
  "com.example.app://oauth", "com.example.app://oauth/cb?code=1", "capacitor://localhost", "capacitor://localhost/x", "chrome-extension://abcdef", "chrome-extension://abcdef/popup.html", "chrome-extension://other", "file://", "file:///etc/passwd", "file://host/x",
  "javascript:alert(1)", "javascript://app.example.com/%0aalert(1)", "JavaScript://app.example.com", "data:text/html,x", "data://app.example.com/x", "vbscript://app.example.com", "blob:https://app.example.com/x", "view-source:https://app.example.com", "ws://app.example.com", "wss://app.example.com/x", "ftp://app.example.com", "ftp://app.example.com:21/x", "intent://app.example.com/#Intent;end", "mailto:a@b", "tel:1", "about://app.example.com", "ssh://a.example.com", "myapp://a.example.com", "myapp://a.example.com:3000",
];
for (const scheme of ["http", "https"])
  for (const host of ["a.example.com", "app-1.example.com", "192.168.0.7", "127.0.0.9", "other.test"])
    for (const port of ["", ":80", ":443", ":3000", ":8443"])
      for (const rest of ["", "/", "/x?y#z"]) urls.push(`${scheme}://${host}${port}${rest}`);

const hits = (url, settings) => patterns.flatMap((p, i) => (matchesOriginPattern(url, p, settings) ? [i] : []));
const answers = urls.map((url) => {
  const row = { url, origin: hits(url) };
  if (matchesOriginPattern(url, "https://none.test", { allowRelativePaths: true })) row.relative = true;
  const pairs = new URLSearchParams([["error", "a b*~'é&="], ["x_y", ""]]);
  try { row.appended = appendQueryParams(url, pairs); } catch {}
  return row;
});
const line = (value) => JSON.stringify(value);
console.log(`{"version":${line(version)},\n"patterns":${line(patterns)},\n"answers":[\n${answers.map(line).join(",\n")}\n]}`);
