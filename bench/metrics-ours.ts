import { readFileSync } from "node:fs";
import { join } from "node:path";
import { evaluate } from "../src/core/measures/evaluation.ts";
import { askedOf } from "./arguments.ts";

/*
 * What bench/metrics.ts runs in a process of its own, to hold it against scikit-learn and Fairlearn:
 * metrics-ours.ts FOLDER ROWS RESAMPLES. Prints seconds of the clock and of the processor, and the greatest
 * resident size in megabytes.
 */

const [folder = ".", rowsText = "0", resamplesText = "0"] = askedOf(import.meta.url, {
  rest: "FOLDER ROWS RESAMPLES",
}).rest;
const rows = Number(rowsText);
const read = (name: string): ArrayBuffer => {
  const bytes = readFileSync(join(folder, name));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
};
const labels = new Float64Array(read("labels"));
const scores = new Float64Array(read("scores"));
const codes = Int32Array.from(new Uint8Array(read("groups")));

const measure = (length: number, resamples: number) =>
  evaluate({
    task: "binary-classification",
    classes: ["no", "yes"],
    candidate: { labels: labels.subarray(0, length), scores: scores.subarray(0, length), outputs: 1 },
    sensitive: new Map([
      ["group", { kind: "text", codes: codes.subarray(0, length), words: ["a", "b", "c", "d"] }],
    ]),
    asked: ["cohen_kappa", "specificity"],
    resamples,
    confidence: 0.95,
    seed: 7,
    minGroupSize: 5,
  });

measure(1000, 0); // as the peer does: imports and caches
const [wall, cpu] = [performance.now(), process.cpuUsage()];
const { metrics } = measure(rows, Number(resamplesText));
const { user, system } = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    seconds: (performance.now() - wall) / 1000,
    cpu: (user + system) / 1e6,
    megabytes: process.resourceUsage().maxRSS / 1024,
    metrics: metrics.length,
    intervals: metrics.filter(({ interval }) => interval !== null).length,
  }),
);
