import { setTimeout as wait } from "node:timers/promises";
import type { Experiment } from "../../core/experiments/record.ts";
import { ID_TAG, type Logged, toMlflow, WHOLE_TAG } from "../../core/experiments/to-mlflow.ts";
import { UserError } from "../../errors.ts";
import { type TrackedRun, type Tracking, Unanswered } from "../../ports/tracking.ts";

/** What became of each experiment. */
export interface Exported {
  readonly id: string;
  /** The run's id at the server; null where none was made. */
  readonly run: string | null;
  readonly outcome: "exported" | "there already" | "would be exported";
}

/** How it is done. */
export interface Exporting {
  /** The experiment's name at the server. */
  readonly name: string;
  readonly dryRun: boolean;
  readonly onDone?: (done: number) => void;
  /** Milliseconds, before a run is tried again that somebody else logs, too. */
  readonly pause?: number;
}

/**
 * Logs experiments at a tracking server, each once: a run is found again by its tag, and one that was
 * broken off is gone on with. It may be killed after any step, and done twice at once.
 */
export async function exportMlflow(
  tracking: Tracking,
  experiments: readonly Experiment[],
  { name, dryRun, onDone, pause = PAUSE }: Exporting,
): Promise<readonly Exported[]> {
  const there = await tracking.experiment(name);
  const place = there ?? (dryRun ? undefined : await tracking.createExperiment(name));
  const done: Exported[] = [];
  for (const one of experiments) {
    const found = place === undefined ? [] : await runsOf(tracking, place, one.id);
    const whole = found.find(isWhole);
    if (whole !== undefined) done.push({ id: one.id, run: whole.id, outcome: "there already" });
    else if (dryRun || place === undefined) {
      done.push({ id: one.id, run: null, outcome: "would be exported" });
    } else {
      const run = await exportOne(tracking, place, one, found, pause);
      done.push({ id: one.id, run, outcome: "exported" });
    }
    onDone?.(done.length);
  }
  return done;
}

async function exportOne(
  tracking: Tracking,
  place: string,
  one: Experiment,
  found: readonly TrackedRun[],
  pause: number,
): Promise<string> {
  const logged = toMlflow(one);
  for (let attempt = 1, runs = found; ; attempt++) {
    const whole = runs.find(isWhole);
    if (whole !== undefined) return whole.id; // somebody else was faster
    const run = firstOf(runs) ?? (await made(tracking, place, one.id, logged));
    try {
      await tracking.log(run, logged);
      await tracking.end(run, logged.status, logged.end);
      await tracking.log(run, { metrics: [], params: [], tags: [{ key: WHOLE_TAG, value: "1" }] });
      return await settled(tracking, place, one.id, run);
    } catch (error) {
      // two who log the same run at once are in each other's way: the server refuses one of them
      if (!(error instanceof UserError) || attempt === ATTEMPTS) throw error;
      await wait(attempt * (pause + Math.random() * pause));
      runs = await runsOf(tracking, place, one.id);
    }
  }
}

/** Of several that are whole the first by its id stays; whoever is last sees all of them. */
async function settled(tracking: Tracking, place: string, id: string, run: string): Promise<string> {
  const whole = (await runsOf(tracking, place, id)).filter(isWhole);
  const first = firstOf(whole) ?? run;
  for (const other of whole) if (other.id !== first) await tracking.deleteRun(other.id);
  return first;
}

const PAUSE = 50;

/** So often a run is asked for, where no answer says whether it was made. */
const ATTEMPTS = 5;

async function made(tracking: Tracking, place: string, id: string, logged: Logged): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    let own: string | undefined;
    try {
      const { name, start, user } = logged;
      own = await tracking.createRun(place, { name, start, user, tags: [{ key: ID_TAG, value: id }] });
    } catch (error) {
      if (!(error instanceof Unanswered) || attempt === ATTEMPTS) throw error;
    }
    // somebody else may have made one meanwhile, or an answer was lost
    const runs = await runsOf(tracking, place, id);
    const first = runs.find(isWhole)?.id ?? firstOf(runs) ?? own;
    if (first === undefined) continue;
    if (own !== undefined && own !== first) await tracking.deleteRun(own);
    return first;
  }
}

async function runsOf(tracking: Tracking, place: string, id: string): Promise<readonly TrackedRun[]> {
  const found: TrackedRun[] = [];
  for await (const run of tracking.runs(place, { key: ID_TAG, value: id })) {
    if (run.tags.some(({ key, value }) => key === ID_TAG && value === id)) found.push(run);
  }
  return found;
}

/** All who look choose the same one. */
const firstOf = (runs: readonly TrackedRun[]): string | undefined => runs.map(({ id }) => id).sort()[0];

const isWhole = ({ tags }: TrackedRun): boolean => tags.some(({ key }) => key === WHOLE_TAG);
