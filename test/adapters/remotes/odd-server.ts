import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** What a server of ours answers to one request. */
export interface Odd {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Hangs up after the body, whatever was announced. */
  readonly cut?: boolean;
}

/** A server that answers as we say: for errors only, real servers are asked for everything else. */
export interface OddServer {
  readonly origin: string;
  /** What it was asked, in order: `PUT /bucket/key?uploads=`. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** @param answer given the request and how many came before it */
export async function oddServer(
  answer: (request: IncomingMessage, before: number, body: Buffer) => Odd,
): Promise<OddServer> {
  const asked: string[] = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const {
      status,
      headers = {},
      body = "",
      cut = false,
    } = answer(request, asked.length, Buffer.concat(parts));
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(status, { "content-length": Buffer.byteLength(body), ...headers });
    if (request.method === "HEAD") response.end();
    else if (cut) response.write(body, () => response.destroy());
    else response.end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    asked,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
