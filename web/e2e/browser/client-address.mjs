import http from "node:http";

/**
 * A client address of its own for a browser: a forward proxy that makes its connections from there. Linux has all
 * of 127.0.0.0/8. To the servers it looks as if the browser itself connected.
 */
export async function clientAddress(address) {
  // A connection for each request: one that is kept could end at the moment in which it is used again.
  const agent = new http.Agent({ localAddress: address });
  const server = http.createServer((request, response) => {
    const { port, pathname, search } = new URL(request.url);
    const headers = { ...request.headers };
    delete headers["proxy-connection"];
    delete headers.connection;
    const onward = http.request(
      { agent, host: "127.0.0.1", port, path: pathname + search, method: request.method, headers },
      (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.destroy()); // to the browser, a server that is away
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  });
  server.keepAliveTimeout = 0; // nor here
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, address, resolve));
  return {
    proxy: { server: `http://${address}:${server.address().port}`, bypass: "<-loopback>" },
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}
