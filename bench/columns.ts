import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDuckdb } from "../src/adapters/engines/duckdb/engine.ts";
import { contract as schema } from "../src/config/contract.ts";
import { random } from "../src/core/stats/random.ts";
import { runChecks } from "../src/tables/checks.ts";
import { fitFeatures, fitValues } from "../src/tables/fit.ts";
import { leakFindings } from "../src/tables/leaks.ts";
import { prepareRows } from "../src/tables/prepare.ts";
import { profile } from "../src/tables/profile.ts";
import { main } from "./arguments.ts";
import type { Result } from "./result.ts";

/*
 * Claim: five times the columns take each stage before training at most twelve times as long.
 *
 * 3,000 rows with 100 and with 500 columns: integers, numbers, words, truth values and days, of which each
 * fiftieth is missing. The two take turns, so that a busy machine slows both; the processor time of
 * the best of three turns counts. Run: node --import tsx bench/columns.ts
 */

const ROWS = 3000;
const [NARROW, WIDE] = [100, 500];
const TURNS = 3;
/** In line would be 5, with the square 25. */
const LIMIT = 12;

const WORDS = ["north", "south", "east", "west", "here", "there", "nowhere"];
const CELLS: readonly ((draw: number) => string)[] = [
  (draw) => String(Math.floor(draw * 1000)),
  (draw) => (draw * 10 - 5).toFixed(4),
  (draw) => WORDS[Math.floor(draw * WORDS.length)] ?? "",
  (draw) => String(draw < 0.5),
  (draw) => `2024-0${1 + Math.floor(draw * 9)}-1${Math.floor(draw * 90) % 10}`,
];

function names(columns: number): string[] {
  return Array.from({ length: columns }, (_, i) => `c${i}`);
}

function csvOf(columns: number): string {
  const draws = random(1, "columns");
  const cell = (i: number): string => {
    const missing = draws.uniform() < 0.02;
    const draw = draws.uniform();
    return missing ? "" : (CELLS[i % CELLS.length]?.(draw) ?? "");
  };
  const row = (id: number): string =>
    [id, draws.uniform() < 0.4 ? "yes" : "no", ...names(columns).map((_, i) => cell(i))].join(",");
  return `${["id", "y", ...names(columns)].join(",")}\n${Array.from({ length: ROWS }, (_, id) => row(id)).join("\n")}\n`;
}

function contractOf(columns: number) {
  const of = (...kinds: number[]): string[] =>
    names(columns).filter((_, i) => kinds.includes(i % CELLS.length));
  return schema.parse({
    model: "wide",
    task: "binary-classification",
    data: {
      sources: { rows: "rows.csv" },
      roles: { label: "y", positive: "yes", id: "id" },
      expect: [
        ...of(0, 1).map((column) => ({ column, type: "number", between: [-5, 1000], missing: "at most 5%" })),
        // Each list lacks a word, so that offenders are looked for, too.
        ...of(2).map((column) => ({ column, in: WORDS.slice(1), missing: "at most 5%" })),
      ],
    },
    prepare: {
      values: [
        { fill: Object.fromEntries(of(0, 1).map((name) => [name, "median"])) },
        { fill: Object.fromEntries(of(2, 3, 4).map((name) => [name, "mode"])) },
      ],
    },
    features: [
      { scale: of(0, 1) },
      { one_hot: of(2, 3) },
      { date: Object.fromEntries(of(4).map((name) => [name, ["month"]])) },
    ],
    train: { with: "logistic" },
  });
}

/** Processor seconds of each stage. */
async function stages(folder: string, columns: number): Promise<Record<string, number>> {
  const contract = contractOf(columns);
  const engine = await openDuckdb({ folder });
  const found: Record<string, number> = {};
  const timed = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const start = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(start);
    found[name] = (user + system) / 1e6;
  };
  try {
    await timed("ingest", () =>
      engine.load("ingested", { paths: [join(folder, `${columns}.csv`)], format: "csv" }),
    );
    await timed("validate", async () => {
      const { expect } = contract.data;
      await runChecks(engine, "ingested", expect, { showValues: false, now: new Date(0) });
      await profile(engine, "ingested");
    });
    await timed("prepare", () => prepareRows(engine, contract, "ingested"));
    await timed("features", async () => {
      const values = await fitValues(engine, "prepared", contract);
      await fitFeatures(engine, "prepared", contract, values);
      await leakFindings(engine, "prepared", contract);
    });
    return found;
  } finally {
    await engine.close();
  }
}

export async function bench(): Promise<Result[]> {
  const folder = await mkdtemp(join(tmpdir(), "trainyard-bench-"));
  try {
    const sizes = [NARROW, WIDE] as const;
    for (const columns of sizes) await writeFile(join(folder, `${columns}.csv`), csvOf(columns));
    const best = { [NARROW]: {}, [WIDE]: {} } as Record<number, Record<string, number>>;
    for (let turn = 0; turn < TURNS; turn++) {
      for (const columns of sizes) {
        const known = best[columns] ?? {};
        for (const [stage, seconds] of Object.entries(await stages(folder, columns)))
          known[stage] = Math.min(known[stage] ?? Number.POSITIVE_INFINITY, seconds);
      }
    }
    return Object.entries(best[WIDE] ?? {}).map(([stage, wide]) => {
      const narrow = best[NARROW]?.[stage] ?? Number.NaN;
      return {
        claim: `${stage} of ${WIDE} columns, against ${NARROW}`,
        measured: wide / narrow,
        limit: LIMIT,
        unit: "× its time",
        ok: wide / narrow <= LIMIT,
        detail: { [NARROW]: narrow, [WIDE]: wide },
      };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await main(import.meta.url, bench);
