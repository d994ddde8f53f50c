import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** What a test says instead of the registry; true where it has answered. */
export type Interfere = (request: IncomingMessage, response: ServerResponse, body: Buffer) => boolean;

/** A registry in memory, which a test can make lie. What a real one does is held by test/interop. */
export interface StandIn {
  readonly host: string;
  readonly blobs: Map<string, Buffer>;
  readonly manifests: Map<string, Buffer>;
  readonly tags: Map<string, string>;
  /** Method, path and who asked. */
  readonly asked: string[];
  interfere: Interfere;
  close(): Promise<void>;
}

export const digestIn = (bytes: Uint8Array): string =>
  `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

export async function standIn(): Promise<StandIn> {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, Buffer>();
  const tags = new Map<string, string>();
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request).catch(() => Buffer.alloc(0));
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? "nobody"}`);
    if (!it.interfere(request, response, body)) answer(request, response, body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): boolean {
    const url = new URL(request.url ?? "/", "http://x");
    const end = (status: number, headers: Record<string, string> = {}, bytes?: Uint8Array): boolean => {
      response.writeHead(status, { "content-length": String(bytes?.length ?? 0), ...headers });
      response.end(request.method === "HEAD" ? undefined : bytes);
      return true;
    };
    const [, kind = "", name = ""] = /^\/v2\/.+?\/(tags|manifests|blobs)\/(.*)$/.exec(url.pathname) ?? [];
    if (kind === "tags") return end(200, {}, Buffer.from(JSON.stringify({ tags: [...tags.keys()] })));
    if (kind === "blobs" && request.method === "POST")
      return end(202, { location: `${url.pathname}x?state=1` });
    if (request.method === "PUT") {
      const digest = digestIn(body);
      if (kind === "blobs" && url.searchParams.get("digest") !== digest) return end(400);
      (kind === "blobs" ? blobs : manifests).set(digest, body);
      if (kind === "manifests") tags.set(name, digest);
      return end(201);
    }
    if (request.method === "DELETE") {
      for (const [tag, digest] of tags) if (digest === name) tags.delete(tag);
      return end(manifests.delete(name) ? 202 : 404);
    }
    const bytes = (kind === "blobs" ? blobs : manifests).get(tags.get(name) ?? name);
    if (bytes === undefined) return end(404);
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    if (from === undefined) return end(200, {}, bytes);
    const part = bytes.subarray(Number(from), Number(to) + 1);
    return end(206, { "content-range": `bytes ${from}-${to}/${bytes.length}` }, part);
  }

  const it: StandIn = {
    host: `127.0.0.1:${port}`,
    blobs,
    manifests,
    tags,
    asked,
    interfere: () => false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return it;
}
