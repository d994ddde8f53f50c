import { type ChildProcess, spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { resolve } from "node:path";
import type { Flight } from "./airline.ts";

const CLI = resolve("dist/cli.js");

/** What a server says that it serves, and what it answers. */
export interface Answer {
  readonly version: string;
  readonly sha256: string;
  /** Of each flight, how likely it is late; empty where nothing was asked. */
  readonly predictions: readonly number[];
}

/** `trainyard serve`, as a process of its own. */
export interface Live {
  readonly environment: string;
  readonly url: string;
  /** Asks about flights, a hundred at a time, as a client would. */
  ask(flights: readonly Flight[]): Promise<Answer>;
  /** Ends it as an operator does, and waits until it has drained. */
  close(): Promise<void>;
}

/** How a server is started. */
export interface LiveOptions {
  readonly environment: string;
  readonly model: string;
  readonly port: number;
  /** A clone of the repository: it says where the bytes are. */
  readonly folder: string;
  /** Where its prediction log is written. */
  readonly log: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => void server.close(done));
  return port;
}

/** Starts a server that follows the deployments of its environment. It may have nothing to serve yet. */
export function serve(options: LiveOptions): Live {
  const { environment, model, port, folder, log, variables } = options;
  const url = `http://127.0.0.1:${port}`;
  const args = ["serve", "--model", model, "--environment", environment, "--port", String(port)];
  const child = spawn(process.execPath, [CLI, ...args, "--from", "github", "--every", "1s", "--log", log], {
    cwd: folder,
    env: { ...process.env, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (part: Buffer) => void said.push(part.toString()));
  }
  const request = async (path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const given = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`${url}${path}`, given);
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${environment} answered ${response.status}: ${text}\n${said.join("")}`);
    }
    return JSON.parse(text) as Record<string, unknown>;
  };
  return {
    environment,
    url,

    async ask(flights) {
      const predictions: number[] = [];
      for (let from = 0; from < flights.length; from += 100) {
        const answer = await request(`/v1/models/${model}:predict`, {
          instances: flights.slice(from, from + 100),
        });
        predictions.push(...(answer.predictions as readonly number[]));
      }
      const { trainyard } = await request(`/v1/models/${model}`);
      const { version, sha256 } = trainyard as { readonly version: string; readonly sha256: string };
      return { version, sha256, predictions };
    },

    close: () => ended(child),
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise((done) => void child.once("exit", done));
  child.kill("SIGTERM");
  await over;
}
