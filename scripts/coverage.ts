// How often each interval holds the truth, by simulation: writes docs/evaluation/coverage.json and the page
// beside it. What is there already is kept, so a run that was broken off goes on.
//   nice -n 10 node --import tsx scripts/coverage.ts [--draws 2000] [--only TEXT] [--page]
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CELLS, isWhole, keyOf, measure, type Tally } from "./coverage/cells.ts";
import { coveragePage } from "./coverage/page.ts";

const { values: asked } = parseArgs({
  options: {
    draws: { type: "string", default: "2000" },
    only: { type: "string", default: "" },
    page: { type: "boolean", default: false },
  },
});
const DATA = fileURLToPath(new URL("../docs/evaluation/coverage.json", import.meta.url));
const PAGE = fileURLToPath(new URL("../docs/evaluation/coverage.md", import.meta.url));
/** Resamples behind each interval: fewer than a report has, so that the whole takes minutes. */
const RESAMPLES = 200;

/** What the page is made of. */
export interface Coverage {
  readonly draws: number;
  readonly resamples: number;
  readonly cells: Record<string, Record<string, Tally>>;
}

function write(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

const draws = Number(asked.draws);
const known: Coverage = existsSync(DATA)
  ? (JSON.parse(readFileSync(DATA, "utf8")) as Coverage)
  : { draws, resamples: RESAMPLES, cells: {} };
if (known.draws !== draws)
  throw new Error(`${DATA} holds ${known.draws} draws; say --draws ${known.draws}, or take it away`);
if (!asked.page) {
  for (const cell of CELLS) {
    const key = keyOf(cell);
    if (isWhole(cell, known.cells[key]) || !key.includes(asked.only)) continue;
    const start = process.cpuUsage();
    known.cells[key] = measure(cell, draws, RESAMPLES);
    const { user, system } = process.cpuUsage(start);
    console.error(`${key}: ${((user + system) / 1e6).toFixed(1)} s`);
    write(DATA, `${JSON.stringify(known, undefined, 2)}\n`);
    write(PAGE, coveragePage(known));
  }
}
write(PAGE, coveragePage(known));
