import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { main } from "./arguments.ts";
import type { Result } from "./result.ts";

/*
 * Claim: `trainyard run` with nothing changed takes at most ten times as long as `node -e 0`, and less
 * than 0.7 seconds.
 *
 * The repository is that of the wages template, run and committed, with the built dist/cli.js. Both
 * take turns, so that a busy machine slows both; the medians of seven turns count.
 * Run: npm run build && node --import tsx bench/unchanged.ts
 */

const TURNS = 7;
const RATIO = 10;
const SECONDS = 0.7;
const CLI = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

const start = promisify(execFile);

/** Certificates that the surroundings ask for are read at every start of Node, and are no work of anybody's. */
const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;
const identity = { NAME: "Bench", EMAIL: "bench@example.com" };
const env = {
  ...environment,
  GIT_AUTHOR_NAME: identity.NAME,
  GIT_AUTHOR_EMAIL: identity.EMAIL,
  GIT_COMMITTER_NAME: identity.NAME,
  GIT_COMMITTER_EMAIL: identity.EMAIL,
};

async function seconds(cwd: string, args: readonly string[]): Promise<number> {
  const began = performance.now();
  await start(process.execPath, args, { cwd, env });
  return (performance.now() - began) / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** A repository in which every stage stands. */
async function settle(folder: string): Promise<void> {
  await start(process.execPath, [CLI, "init", "--template", "wages"], { cwd: folder, env });
  await start("git", ["init", "--quiet", "--initial-branch=main"], { cwd: folder, env });
  await start(process.execPath, [CLI, "run"], { cwd: folder, env });
  await start("git", ["add", "--all"], { cwd: folder, env });
  await start("git", ["commit", "--quiet", "--message=First model"], { cwd: folder, env });
  await start(process.execPath, [CLI, "run"], { cwd: folder, env });
}

export async function bench(): Promise<Result[]> {
  if (!existsSync(CLI)) throw new Error("dist/cli.js is missing; run npm run build");
  const folder = await mkdtemp(join(tmpdir(), "trainyard-bench-"));
  try {
    await settle(folder);
    const [empty, unchanged]: [number[], number[]] = [[], []];
    for (let turn = 0; turn < TURNS; turn++) {
      empty.push(await seconds(folder, ["-e", "0"]));
      unchanged.push(await seconds(folder, [CLI, "run"]));
    }
    const [node, run] = [median(empty), median(unchanged)];
    const detail = { node: empty, run: unchanged };
    return [
      {
        claim: "run with nothing changed, against `node -e 0`",
        measured: run / node,
        limit: RATIO,
        unit: "× its time",
        ok: run / node <= RATIO,
        detail,
      },
      {
        claim: "run with nothing changed",
        measured: run,
        limit: SECONDS,
        unit: "seconds",
        ok: run < SECONDS,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await main(import.meta.url, bench, { needs: ["git"] });
