import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A port that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What is sent back: JSON, with a status and headers, or whatever is written to the response. */
export type Scripted =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  | ((response: ServerResponse) => void);

/** A server that says what it was told to, and remembers what it was asked. */
export interface Answering {
  readonly url: string;
  readonly asked: readonly { readonly route: string; readonly headers: IncomingHttpHeaders }[];
  close(): Promise<void>;
}

/**
 * Answers by `GET /path`, without the query; a list is given one after the other, its last one for ever.
 * What is not named is 404.
 */
export async function answering(
  answers: (url: string) => Readonly<Record<string, Scripted | readonly Scripted[]>>,
): Promise<Answering> {
  const asked: { route: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    const route = `${request.method} ${decodeURIComponent((request.url ?? "").split("?")[0] ?? "")}`;
    const before = asked.filter((one) => one.route === route).length;
    asked.push({ route, headers: request.headers });
    request.resume();
    const all = answers(url)[route] ?? { status: 404, body: { message: "Not Found" } };
    const list = Array.isArray(all) ? (all as readonly Scripted[]) : [all as Scripted];
    const answer = list[Math.min(before, list.length - 1)] ?? {};
    if (typeof answer === "function") return answer(response);
    const { status = 200, headers = {}, body } = answer;
    response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
    response.end(body === undefined ? "" : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
