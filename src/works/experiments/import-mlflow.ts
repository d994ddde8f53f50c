import { type FoundRun, fromMlflow, type Into, idSaid, RUN_TAG } from "../../core/experiments/from-mlflow.ts";
import type { Experiment } from "../../core/experiments/record.ts";
import { UserError } from "../../errors.ts";
import type { TrackedRun, Tracking } from "../../ports/tracking.ts";
import { keep, keepAs, type Place } from "./store.ts";

/** What became of a server's runs. */
export interface Imported {
  readonly imported: readonly Experiment[];
  /** How many are here already. */
  readonly there: number;
  /** How many still run. */
  readonly running: number;
}

/** How it is done. */
export interface Importing {
  /** The experiment's name at the server. */
  readonly name: string;
  readonly model: string;
  /** The contract's folder, as it is written down. */
  readonly below: string;
  readonly known: readonly Experiment[];
  readonly dryRun: boolean;
}

/** So many metrics of a run are brought with all their steps, and so many steps of each. */
const CURVES = 50;
const STEPS = 10_000;

/**
 * Writes down the runs of a server's experiment that have ended and are not here yet.
 *
 * @throws {UserError} where there is no such experiment
 */
export async function importMlflow(tracking: Tracking, place: Place, how: Importing): Promise<Imported> {
  const { name, model, below, known, dryRun } = how;
  const experiment = await tracking.experiment(name);
  if (experiment === undefined) {
    throw new UserError(`${tracking.address} has no experiment "${name}"; name one with --experiment`);
  }
  const into: Into = { address: tracking.address, experiment: name, model, folder: below };
  const runs = new Set(known.flatMap(({ tags }) => tags[RUN_TAG] ?? []));
  const ids = new Set(known.map(({ id }) => id));
  const imported: Experiment[] = [];
  let there = 0;
  let running = 0;
  for await (const run of tracking.runs(experiment)) {
    const said = idSaid(run);
    if (run.status === "RUNNING" || run.status === "SCHEDULED") running += 1;
    else if (runs.has(run.id) || (said !== undefined && ids.has(said))) there += 1;
    else {
      const one = await taken(tracking, place, run, into, dryRun, said);
      imported.push(one);
      ids.add(one.id);
    }
  }
  return { imported, there, running };
}

async function taken(
  tracking: Tracking,
  place: Place,
  run: TrackedRun,
  into: Into,
  dryRun: boolean,
  said: string | undefined,
): Promise<Experiment> {
  const found: FoundRun = { ...run, curves: dryRun ? [] : await curvesOf(tracking, run) };
  const one = fromMlflow(found, into);
  if (said !== undefined) {
    const whole = { schema: "trainyard/experiment/1" as const, id: said, ...one };
    return dryRun ? whole : keepAs(place, whole);
  }
  return dryRun ? { schema: "trainyard/experiment/1", id: run.id, ...one } : keep(place, one);
}

async function curvesOf(tracking: Tracking, { id, metrics }: TrackedRun): Promise<Experiment["curves"]> {
  const curves: Experiment["curves"] = [];
  for (const { key } of metrics.filter(({ step }) => step > 0).slice(0, CURVES)) {
    const values = await tracking.history(id, key, STEPS);
    const points = values
      .filter(({ value }) => Number.isFinite(value))
      .map(({ step, value }) => [step, value]);
    curves.push({ name: key.slice(0, 500), points: points.sort(([a = 0], [b = 0]) => a - b) });
  }
  return curves;
}
