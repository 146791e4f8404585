import { readFile } from "node:fs/promises";
import http from "node:http";
import { build } from "esbuild";

const entry = new URL("page/app.jsx", import.meta.url);
const html = new URL("page/index.html", import.meta.url);

/** The browser page's one script: page/app.jsx with the stock client and React inside. */
export async function bundle() {
  const result = await build({
    entryPoints: [entry.pathname],
    bundle: true,
    write: false,
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  return result.outputFiles[0].text;
}

/** Serves the page at that origin, whose port may be 0 for any. Ends with close(). */
export async function servePage(origin, script) {
  const { hostname, port } = new URL(origin);
  const page = await readFile(html);
  const server = http.createServer((request, response) => {
    if (request.url === "/app.js") {
      response.setHeader("content-type", "text/javascript").end(script);
    } else {
      response.setHeader("content-type", "text/html").end(page);
    }
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject).listen(Number(port), "127.0.0.1", resolve);
  });
  return {
    origin: `http://${hostname}:${server.address().port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
