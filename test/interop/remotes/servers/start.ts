import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout } from "node:timers/promises";

/** A server that runs on the loopback for a test. */
export interface Running {
  readonly port: number;
  readonly origin: string;
  stop(): Promise<void>;
}

/** Tries to reach a new server before it is given up: half a minute. */
const TRIES = 300;

/**
 * Starts a server and waits until it answers at all.
 *
 * @param args what it is started with, given its port
 */
export async function started(
  program: string,
  args: (port: number) => readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const port = await freePort();
  const child = spawn(program, args(port), {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.length < 100 && said.push(chunk));
  const origin = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    if (child.exitCode !== null || tries === TRIES) {
      await stopped(child);
      throw new Error(`${program} did not start: ${Buffer.concat(said).toString().slice(-500)}`);
    }
    const answered = await fetch(origin).then(
      () => true,
      () => false,
    );
    if (answered) return { port, origin, stop: () => stopped(child) };
    await setTimeout(100);
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}
