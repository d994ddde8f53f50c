import { compareText } from "../text/order.ts";

/** How often something happens. */
export type Often = "hourly" | "daily" | "weekly" | "monthly";

/** What of a model is on a schedule. */
export interface Scheduled {
  readonly model: string;
  readonly every: Often;
}

/**
 * The line of a workflow's schedule for each model, in UTC. The minute is made from the model's name, so
 * that not all repositories of the world ask at the full hour, when GitHub delays and drops runs; no two
 * models share a line, so that a line tells whose it is.
 *
 * @param purpose what is on a schedule: a model's two schedules should not meet either
 *
 * @example cronLines([{ model: "wages", every: "daily" }], "monitor").get("wages") // => "5 3 * * *"
 * @example cronLines([{ model: "wages", every: "hourly" }], "monitor").get("wages") // => "5 * * * *"
 * @example cronLines([{ model: "wages", every: "monthly" }], "retrain").get("wages") // => "8 5 1 * *"
 */
export function cronLines(all: readonly Scheduled[], purpose: string): ReadonlyMap<string, string> {
  const lines = new Map<string, string>();
  const taken = new Set<string>();
  for (const { model, every } of [...all].sort((a, b) => compareText(a.model, b.model))) {
    const seed = hash(`${purpose} ${model}`);
    for (let step = 0; ; step++) {
      const line = lineOf(every, (seed + step) % MINUTES, seed);
      if (taken.has(line) && step < MINUTES) continue; // more models than minutes share
      taken.add(line);
      lines.set(model, line);
      break;
    }
  }
  return lines;
}

/** Minutes 1 to 59 without the half hour. */
const MINUTES = 58;

function lineOf(every: Often, nth: number, seed: number): string {
  const minute = nth + 1 + (nth >= 29 ? 1 : 0);
  const hour = Math.floor(seed / 64) % 6; // night in Europe, evening in America
  if (every === "hourly") return `${minute} * * * *`;
  if (every === "daily") return `${minute} ${hour} * * *`;
  return every === "weekly" ? `${minute} ${hour} * * 1` : `${minute} ${hour} 1 * *`;
}

/** FNV-1a, 32 bits: spreads names that differ in one letter. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}

/**
 * Which models a schedule's line is meant for; all of them where no line of theirs is that, as when the
 * workflow file was written for an older contract.
 *
 * @example dueAt("5 3 * * *", [{ model: "wages", every: "daily" }], "monitor") // => { models: ["wages"], foreign: false }
 * @example dueAt("0 0 * * *", [{ model: "wages", every: "daily" }], "monitor") // => { models: ["wages"], foreign: true }
 */
export function dueAt(
  line: string,
  all: readonly Scheduled[],
  purpose: string,
): { readonly models: readonly string[]; readonly foreign: boolean } {
  const lines = cronLines(all, purpose);
  const due = [...lines].filter(([, own]) => own === line.trim()).map(([model]) => model);
  return due.length > 0 ? { models: due, foreign: false } : { models: [...lines.keys()], foreign: true };
}
