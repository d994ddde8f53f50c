import { execFile } from "node:child_process";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { markdownTable } from "markdown-table";
import { askedOf } from "./arguments.ts";
import type { Result } from "./result.ts";

/*
 * All claims about speed and memory, measured one after the other, each in a process of its own, so
 * that none warms or burdens another. Run: npm run bench [-- name] [--json]
 */

const NAMES = [
  "unchanged",
  "actions",
  "validate",
  "columns",
  "features",
  "metrics",
  "slices",
  "serve",
  "artifacts-local",
  "artifacts-remote",
];

/** What the numbers depend on. */
export interface Machine {
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly node: string;
  /** Processes that wanted to run in the last minute, before the first bench: well above 0, others were busy, too. */
  readonly load: number;
}

function machine(): Machine {
  return {
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGigabytes: round(totalmem() / 2 ** 30, 1),
    node: process.version,
    load: round(loadavg()[0] ?? 0, 2),
  };
}

async function measured(name: string): Promise<Result[]> {
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", file], {
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout) as Result[];
}

function table(results: readonly Result[]): string {
  const rows = results.map(({ claim, measured: value, limit, unit, ok }) => [
    claim,
    `${round(value, 2)} ${unit}`,
    `${round(limit, 2)} ${unit}`,
    ok ? "yes" : "NO",
  ]);
  return markdownTable([["claim", "measured", "limit", "ok"], ...rows]);
}

function round(value: number, places: number): number {
  return Math.round(value * 10 ** places) / 10 ** places;
}

const { flags, rest: asked } = askedOf(import.meta.url, {
  flags: { json: "with the single turns and the machine's facts" },
  rest: `[${NAMES.join("|")} …]`,
  needs: ["npm run build, and what each of them needs: bench/NAME.ts --help"],
});
const unknown = asked.find((name) => !NAMES.includes(name));
if (unknown !== undefined) {
  console.error(`no bench "${unknown}"; one of: ${NAMES.join(", ")}`);
  process.exit(2);
}
const facts = machine();
const results: Result[] = [];
for (const name of asked.length === 0 ? NAMES : asked) {
  console.error(`${name} …`);
  results.push(...(await measured(name)));
}
if (flags.has("json")) {
  console.log(JSON.stringify({ machine: facts, results }, null, 2));
} else {
  const { platform, cpu, cores, memoryGigabytes, node, load } = facts;
  console.log(
    `${platform}, ${cores} cores of ${cpu}, ${memoryGigabytes} GB, Node ${node}, load ${load} before\n`,
  );
  console.log(table(results));
}
if (!results.every(({ ok }) => ok)) process.exitCode = 1;
