import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { type Verified, verify } from "../../src/artifacts/verify.ts";
import { digestOf } from "../../src/core/artifacts/digest.ts";
import type { Cache } from "../../src/ports/cache.ts";
import type { Remote } from "../../src/ports/remote.ts";
import type { Workspace } from "../../src/ports/workspace.ts";
import { seeded } from "./failing.ts";
import { program } from "./program.ts";

const PROGRAM = program(new URL("./command.ts", import.meta.url));

/** Moments at which each command is killed; `TRAINYARD_KILLS=100` has more of them. */
export const KILLS = Number(process.env.TRAINYARD_KILLS ?? 20);

/** A command, and the line of its output from which on moments are counted. */
export interface Killed {
  readonly folder: string;
  readonly args: readonly string[];
  readonly from?: string;
}

/**
 * Runs a command and kills it so long after it was ready, or lets it end; says how long it took from there.
 *
 * @param kill milliseconds; none where it is to end, and well
 */
export async function run({ folder, args, from = "ready" }: Killed, kill?: number): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, folder, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [said, failure] = ["", ""];
  child.stderr.on("data", (text) => {
    failure += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const begun = new Promise<void>((resolve) =>
    child.stdout.on("data", (text) => {
      said += text;
      if (`\n${said}`.includes(`\n${from}\n`)) resolve();
    }),
  );
  await Promise.race([begun, ended]);
  const began = performance.now();
  if (kill !== undefined) {
    await Promise.race([setTimeout(kill), ended]);
    child.kill("SIGKILL");
  }
  const code = await ended;
  if (kill === undefined || code !== null) assert.equal(code, 0, `${args.join(" ")}: ${failure}`);
  return performance.now() - began;
}

/**
 * Kills a command again and again, at moments that are spread over the time that it takes undisturbed.
 *
 * @param commands taken in turn
 * @param turn.before puts the scene for one run @param turn.after looks at what one left
 */
export async function killOften(
  commands: readonly Killed[],
  seed: number,
  turn: {
    readonly before?: (turn: number) => unknown;
    readonly after: (turn: number) => unknown;
  },
): Promise<void> {
  const whole: number[] = [];
  for (const command of commands) {
    await turn.before?.(0);
    whole.push(await run(command));
  }
  const random = seeded(seed);
  for (let at = 0; at < KILLS; at++) {
    const which = at % commands.length;
    await turn.before?.(at);
    await run(commands[which] as Killed, random() * (whole[which] as number));
    await turn.after(at);
  }
}

/** Every object has the bytes that its name promises; says how many there are. */
export async function assertSound(
  kept: Pick<Remote, "list" | "read"> | Pick<Cache, "list" | "open">,
): Promise<number> {
  let objects = 0;
  for await (const { name } of kept.list()) {
    objects++;
    const parts: Uint8Array[] = [];
    for await (const chunk of "read" in kept ? kept.read(name) : kept.open(name).bytes()) parts.push(chunk);
    const { md5 } = digestOf(Buffer.concat(parts));
    assert.equal(md5, name.slice(0, 32));
  }
  return objects;
}

/** `verify` finds nothing amiss in a place: the cache, where no remote is given. Says what it looked at. */
export async function assertVerified(
  workspace: Workspace,
  remote?: Remote,
): Promise<Pick<Verified, "objects" | "unlisted">> {
  const { findings, objects, unlisted } = await verify(workspace, remote, { repair: false });
  assert.deepEqual(findings, []);
  return { objects, unlisted };
}
