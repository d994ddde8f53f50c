import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Fault, GithubEvent } from "../contract.ts";
import { type Answer, Refused } from "./answers.ts";
import type { Faults } from "./faults.ts";
import { respond } from "./respond.ts";

/** What the server needs of what stands behind it. */
export interface Behind {
  readonly faults: Faults;
  readonly requests: { readonly method: string; readonly path: string; readonly status: number }[];
  tell(events: readonly GithubEvent[]): void;
  /** Answers; events are collected and told once the answer is out. */
  answer(request: IncomingMessage, url: URL, path: string, events: GithubEvent[]): Promise<Answer>;
}

const failure = (error: unknown): Answer => ({
  status: 500,
  body: { message: `Server Error: ${error instanceof Error ? error.stack : error}` },
});

const faulty = (answer: Exclude<Fault["answer"], "cut" | { readonly delay: number }>): Answer => ({
  status: answer.status,
  body: answer.body ?? { message: `a fault on demand: ${answer.status}` },
  headers: answer.headers ?? {},
});

async function handle(
  behind: Behind,
  base: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", base);
  const path = url.pathname.replace(/^\/api\/(v3|uploads)(?=\/)/, "");
  const method = request.method ?? "GET";
  const fault = behind.faults.take(method, path);
  const events: GithubEvent[] = [];
  let answer: Answer;
  if (typeof fault === "object" && "status" in fault) {
    request.resume();
    answer = faulty(fault);
  } else {
    if (typeof fault === "object") await wait(fault.delay);
    try {
      answer = await behind.answer(request, url, path, events);
    } catch (error) {
      answer = error instanceof Refused ? error.answer : failure(error);
    }
  }
  behind.requests.push({ method, path, status: answer.status });
  await respond(request, response, answer, fault === "cut");
  behind.tell(events);
}

/** Listens on a free port of the loopback. */
export async function listen(
  behindOf: (url: string) => Behind,
): Promise<{ readonly url: string; readonly server: Server }> {
  let behind: Behind | undefined;
  let base = "";
  const server = createServer((request, response) => {
    if (behind) void handle(behind, base, request, response);
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  behind = behindOf(base);
  return { url: base, server };
}

/** Stops listening and breaks what is still open. */
export const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
