import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { openHttp } from "../../../../src/adapters/remotes/buckets/http.ts";
import { openWebdav } from "../../../../src/adapters/remotes/buckets/webdav.ts";
import type { RemoteSetting } from "../../../../src/core/artifacts/dvc-config.ts";
import type { Bucket } from "../../../../src/ports/bucket.ts";

/** A server that answers as a test says. */
export interface OddServer {
  readonly origin: string;
  readonly asked: IncomingMessage[];
}

/** Starts a server for as long as a test's work takes. */
export async function withServer(
  answer: RequestListener,
  work: (server: OddServer) => Promise<void>,
): Promise<void> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A remote's section of `.dvc/config`. */
export function setting(url: string, options: Readonly<Record<string, string>> = {}): RemoteSetting {
  const at = { file: ".dvc/config", line: 3 };
  return {
    name: "store",
    url: { value: url, at },
    options: new Map(Object.entries(options).map(([key, value]) => [key, { value, at }])),
  };
}

/** A bucket over HTTP. */
export const http = (url: string, options: Readonly<Record<string, string>> = {}): Promise<Bucket> =>
  openHttp(setting(url, options), { CI: "true" }, "/");

/** A bucket over WebDAV, of a url with http. */
export const webdav = (url: string, options: Readonly<Record<string, string>> = {}): Promise<Bucket> =>
  openWebdav(setting(url.replace(/^http/, "webdav"), options), { CI: "true" }, "/");
