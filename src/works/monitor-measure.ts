import { readFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import type { Contract } from "../config/contract.ts";
import {
  type ComparedColumn,
  type Comparison,
  type DriftSettings,
  decide,
  falseIssueRate,
} from "../core/drift/decide.ts";
import { logNotes } from "../core/drift/notes.ts";
import { parseReference, type Reference } from "../core/drift/reference.ts";
import { openTally, type Tallied } from "../core/drift/tally.ts";
import { REFERENCE_FILE } from "../core/models/bundle.ts";
import { formatCount } from "../core/report/numbers.ts";
import type { Measurement } from "../core/triage/measurement.ts";
import type { Ports } from "../ports/ports.ts";
import { findLogs, type LogFiles, readLines } from "./log-files.ts";

/** What is to be looked at. */
export interface MeasureRequest {
  /** Absolute path of the folder that `trainyard serve --log` writes. */
  readonly log: string;
  /** Undefined where the model was packaged without one. */
  readonly reference: Reference | undefined;
  readonly model: string;
  readonly environment: string;
  /** The model that is served now: rows of other versions are left out. Null where nothing says which. */
  readonly served: Measurement["served"];
  /** How far back, in milliseconds: see `windowOf`. */
  readonly window: number;
  readonly now: Date;
  readonly settings: DriftSettings;
}

/** A measurement whose columns say in words what was found, without a value of the data. */
export interface DriftMeasurement extends Measurement {
  readonly columns: readonly ComparedColumn[];
}

/**
 * Holds what a model was asked in production against its training rows. "Not enough data" is an answer
 * of its own: no log, too few rows, more broken lines than whole ones, or nothing to compare with.
 *
 * Reads the log once, line by line, in memory that does not grow with it.
 */
export async function measure(
  { folder, progress, signal }: Pick<Ports, "folder" | "progress" | "signal">,
  request: MeasureRequest,
): Promise<DriftMeasurement> {
  const { log, reference, model, environment, served, window, now, settings } = request;
  const from = now.getTime() - window;
  const common = {
    model,
    environment,
    at: now.toISOString(),
    window: { from: new Date(from).toISOString(), to: now.toISOString() },
    served,
  };
  const nothing = (why: string): DriftMeasurement => ({
    ...common,
    rows: 0,
    verdict: "not enough data",
    why,
    columns: [],
    notes: [],
  });
  if (reference === undefined) return nothing("this model was packaged without a reference; train it again");
  const files = await findLogs(log, from);
  const shown = relative(folder, log) || ".";
  if (files === undefined) return nothing(`there is no folder "${shown}" of predictions`);
  if (files.paths.length === 0) return nothing(`the folder "${shown}" holds no predictions`);

  const tally = openTally({
    reference,
    model,
    environment,
    sha256: served?.sha256,
    from,
    now: now.getTime(),
  });
  const unreadable = await readAll(files, tally, { progress, signal });
  const tallied = tally.tallied();
  const { verdict, why, columns } = answered(tallied, settings);
  return {
    ...common,
    ...(tallied.from === undefined || tallied.to === undefined
      ? {}
      : { window: { from: new Date(tallied.from).toISOString(), to: new Date(tallied.to).toISOString() } }),
    rows: tallied.rows,
    verdict,
    why,
    columns,
    notes: logNotes(tallied, { links: files.links, unreadable: files.unreadable + unreadable }),
  };
}

/** @returns how many files could not be read to their end */
async function readAll(
  { paths, bytes }: LogFiles,
  tally: ReturnType<typeof openTally>,
  { progress, signal }: Pick<Ports, "progress" | "signal">,
): Promise<number> {
  const task = progress.start("reading predictions", bytes);
  let [done, unreadable] = [0, 0];
  for (const path of paths) {
    signal.throwIfAborted();
    try {
      const plain = await readLines(path, {
        line: tally.add,
        tooLong: tally.addBroken,
        read(count) {
          signal.throwIfAborted();
          done += count;
          task.update(done, bytes);
        },
      });
      if (!plain) unreadable++;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Error && "code" in error)) throw error; // not of the file system
      unreadable++;
    }
  }
  task.end();
  return unreadable;
}

function answered(tallied: Tallied, settings: DriftSettings): Comparison {
  const { rows, leftOut, columns } = tallied;
  const compared = decide(columns, settings);
  const refused = (why: string): Comparison => ({
    verdict: "not enough data",
    why,
    columns: compared.columns.map((column) => ({ ...column, moved: false })),
  });
  if (leftOut.broken > rows && rows > 0) {
    return refused(
      `of the log's lines ${formatCount(leftOut.broken)} are broken, and ${formatCount(rows)} whole`,
    );
  }
  if (rows < settings.minRows) {
    const at = `${formatCount(rows)} ${rows === 1 ? "prediction is" : "predictions are"} there`;
    return refused(`${at}, and at least ${formatCount(settings.minRows)} are needed`);
  }
  return compared;
}

/**
 * What counts as moved, as a contract says it.
 *
 * @example driftSettings({ psi: 0.2, min_rows: 200, false_issues: "1 in 100 runs" }) // => { psi: 0.2, minRows: 200, falseIssues: 0.01 }
 */
export function driftSettings({
  psi,
  min_rows,
  false_issues,
}: Pick<NonNullable<Contract["monitor"]>, "psi" | "min_rows" | "false_issues">): DriftSettings {
  return { psi, minRows: min_rows, falseIssues: falseIssueRate(false_issues) };
}

/**
 * A contract's window in milliseconds.
 *
 * @example windowOf("24h") // => 86400000
 * @example windowOf("7d") // => 604800000
 */
export function windowOf(text: string): number {
  return Number(text.slice(0, -1)) * (text.endsWith("d") ? 86_400_000 : 3_600_000);
}

/**
 * What the training rows of a model looked like, as its folder says; undefined where it was packaged
 * before that was counted.
 *
 * @param folder of a model, as it was judged
 * @throws {UserError} where it is there, and is none
 */
export async function referenceOf(folder: string): Promise<Reference | undefined> {
  const text = await readFile(join(folder, REFERENCE_FILE), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text === undefined ? undefined : parseReference(text, `${basename(folder)}/${REFERENCE_FILE}`);
}
