import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDuckdb } from "../src/adapters/engines/duckdb/engine.ts";
import { contract as schema } from "../src/config/contract.ts";
import { fitFeatures, fitValues } from "../src/tables/fit.ts";
import { leakFindings } from "../src/tables/leaks.ts";
import { materialise } from "../src/tables/materialise.ts";
import { prepareRows } from "../src/tables/prepare.ts";
import { main } from "./arguments.ts";
import type { Result } from "./result.ts";

/*
 * Claim: prepare and features of three million rows stay under 2 GB of memory.
 *
 * The two stages run in a process of their own, as `trainyard run` runs them, files included; its
 * greatest resident size is what is measured. Run: node --import tsx bench/features.ts
 */

const contract = schema.parse({
  model: "late-flights",
  task: "binary-classification",
  data: {
    sources: { flights: "flights-3m.parquet" },
    roles: { label: "late", id: "row_hash", time: "date", leaks: ["delay"] },
  },
  prepare: {
    rows: [{ where: "delay between -60 and 1440" }, { deduplicate: {} }],
    values: [{ fill: { distance: "median" } }, { clip: { distance: ["p1", "p99"] } }],
  },
  features: [
    { scale: ["distance"] },
    { one_hot: { columns: ["origin"], max_categories: 20, min_count: 1000 } },
    { date: { date: ["month", "weekday", "hour"] } },
  ],
  train: { with: "logistic" },
});

export interface FeaturesBench {
  readonly peak: number;
  /** Of all cores together: other work on the machine does not count. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
}

async function work(folder: string): Promise<FeaturesBench> {
  const flights = fileURLToPath(
    new URL("../node_modules/vega-datasets/data/flights-3m.parquet", import.meta.url),
  );
  const engine = await openDuckdb({ folder });
  const cpuSeconds: Record<string, number> = {};
  const timed = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    const start = process.cpuUsage();
    const result = await run();
    const { user, system } = process.cpuUsage(start);
    cpuSeconds[name] = Math.round((user + system) / 1000) / 1000;
    return result;
  };
  await engine.load("flights", { paths: [flights], format: "parquet" });
  const ingested = join(folder, "ingested.parquet");
  await engine.save("SELECT row_number() OVER () AS __row, *, delay > 15 AS late FROM flights", ingested);
  await engine.close();

  const prepared = join(folder, "prepared.parquet");
  const stage = await openDuckdb({ folder });
  await stage.load("ingested", { paths: [ingested], format: "parquet" });
  const { counts } = await timed("prepareRows", () => prepareRows(stage, contract, "ingested"));
  const values = await timed("fitValues", () => fitValues(stage, "prepared", contract));
  await timed("save", () => stage.save("SELECT * FROM prepared ORDER BY __row", prepared));
  await stage.close();

  const next = await openDuckdb({ folder });
  await next.load("prepared", { paths: [prepared], format: "parquet" });
  const recipe = await timed("fitFeatures", () => fitFeatures(next, "prepared", contract, values));
  await timed("leakFindings", () => leakFindings(next, "prepared", contract));
  await timed("write", () =>
    next.write(materialise(next, recipe, "prepared", contract), join(folder, "features.parquet")),
  );
  await next.close();
  return { peak: process.resourceUsage().maxRSS / 2 ** 20, cpuSeconds, counts };
}

/** Measures it in a child process. */
export async function bench(): Promise<Result[]> {
  const folder = await mkdtemp(join(tmpdir(), "trainyard-bench-"));
  try {
    const found = await new Promise<FeaturesBench>((resolve, reject) => {
      const child = fork(fileURLToPath(import.meta.url), [folder], { execArgv: ["--import", "tsx"] });
      child.on("message", (message) => resolve(message as FeaturesBench));
      child.on("exit", (code) => reject(new Error(`the child ended with ${code}`)));
    });
    const { peak } = found;
    const claim = "prepare + features of 3 million rows: peak memory";
    return [{ claim, measured: peak, limit: 2, unit: "GB", ok: peak < 2, detail: found }];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const folder = process.argv[2];
if (process.send !== undefined && folder !== undefined) process.send(await work(folder));
else await main(import.meta.url, bench);
