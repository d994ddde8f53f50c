import { createServer, request } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** A proxy of the test's own: it passes requests on, and makes tunnels, for `bob` with the password `p:w`. */
export interface TestProxy {
  readonly host: string;
  /** What was asked: `CONNECT 127.0.0.1:8443`, or `GET http://…`. */
  readonly asked: string[];
  stop(): Promise<void>;
}

const KNOWN = `Basic ${Buffer.from("bob:p:w").toString("base64")}`;

export async function startProxy(): Promise<TestProxy> {
  const asked: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((from, answer) => {
    asked.push(`${from.method} ${from.url}`);
    const { "proxy-authorization": who, ...headers } = from.headers;
    if (who !== KNOWN) {
      answer.writeHead(407).end();
      return;
    }
    from.pipe(
      request(from.url ?? "", { method: from.method, headers }, (to) => {
        answer.writeHead(to.statusCode ?? 502, to.headers);
        to.pipe(answer);
      }).on("error", () => answer.destroy()),
    );
  });
  server.on("connection", (socket) => open.add(socket));
  server.on("connect", (from, socket: Socket, head) => {
    asked.push(`CONNECT ${from.url}`);
    if (from.headers["proxy-authorization"] !== KNOWN) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    const [host = "", port] = from.url?.split(":") ?? [];
    const to = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      to.write(head);
      to.pipe(socket).pipe(to);
    });
    open.add(to);
    for (const one of [to, socket]) one.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
