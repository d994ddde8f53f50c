import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { node24 } from "../test/action/node24.ts";
import { main } from "./arguments.ts";
import type { Result } from "./result.ts";

/*
 * Claim: an action starts, reads its inputs and refuses a wrong one in 0.4 seconds, on the Node with
 * which GitHub starts actions.
 *
 * Every action is given a folder that is not there and a flag that is neither true nor false; they take
 * turns with `node -e 0`. The median of seven turns counts, and of the actions the slowest.
 * Run: npm run build && node --import tsx bench/actions.ts
 */

const TURNS = 7;
const SECONDS = 0.4;
const DIST = fileURLToPath(new URL("../dist/actions", import.meta.url));

/** Certificates that the surroundings ask for are read at every start of Node, and are no work of anybody's. */
const { NODE_EXTRA_CA_CERTS: _, ...surroundings } = process.env;

async function seconds(workspace: string, args: readonly string[], status: number): Promise<number> {
  const env = {
    ...surroundings,
    GITHUB_WORKSPACE: workspace,
    INPUT_FOLDER: "not-there",
    INPUT_OPTIONAL: "perhaps",
  };
  const began = performance.now();
  const ended = await promisify(execFile)(node24(), args, { cwd: workspace, env }).then(
    () => 0,
    (error: { readonly code?: number }) => error.code,
  );
  if (ended !== status) throw new Error(`${args.join(" ")} ended with ${ended}, not with ${status}`);
  return (performance.now() - began) / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export async function bench(): Promise<Result[]> {
  if (!existsSync(DIST)) throw new Error("dist/actions is missing; run npm run build");
  const names = readdirSync(DIST);
  const workspace = await mkdtemp(join(tmpdir(), "trainyard-bench-"));
  const times = new Map<string, number[]>(["node", ...names].map((name) => [name, []]));
  try {
    for (let turn = 0; turn < TURNS; turn++) {
      times.get("node")?.push(await seconds(workspace, ["-e", "0"], 0));
      for (const name of names) times.get(name)?.push(await seconds(workspace, [join(DIST, name)], 2));
    }
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
  const medians = Object.fromEntries([...times].map(([name, values]) => [name, median(values)]));
  const slowest = Math.max(...names.map((name) => medians[name] ?? Number.NaN));
  return [
    {
      claim: "an action starts and refuses a wrong input, the slowest of all",
      measured: slowest,
      limit: SECONDS,
      unit: "seconds",
      ok: slowest <= SECONDS,
      detail: medians,
    },
  ];
}

await main(import.meta.url, bench, { needs: ["Node 24, else it is installed from npm"] });
