import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { errorBody } from "../../core/serving/refusal.ts";
import { UserError } from "../../errors.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Workspace } from "../../ports/workspace.ts";
import { answer } from "./answer.ts";
import { load } from "./load.ts";
import { type LogCounts, type PredictionLog, predictionLog } from "./log.ts";
import { meter } from "./meter.ts";
import { remember, remembered, rememberedModels } from "./remembered.ts";
import { type ServedModel, servedModel } from "./served-model.ts";
import type { Source } from "./source.ts";

/** Bytes of a request's body. */
export const MOST_BODY = 16_000_000;

/** Milliseconds in which requests that run are finished, and then the log is written. */
const DRAIN = 20_000;
const LAST_LOG = 5000;

/** What a server is told. */
export interface ServeOptions {
  readonly workspace: Workspace;
  readonly source: Source;
  readonly environment: string;
  /** All of the environment's where there are none. */
  readonly models: readonly string[];
  readonly host: string;
  readonly port: number;
  /** Folder of the prediction log; no log where it is absent. */
  readonly log: string | undefined;
  /** Milliseconds between two looks at what is wanted. */
  readonly every: number;
}

/** What a server did while it ran. */
export interface ServedFor {
  readonly models: readonly string[];
  readonly requests: number;
  readonly predictions: number;
  /** Connections that were cut off when it ended. */
  readonly cut: number;
  readonly log: LogCounts | undefined;
}

/** Serves until it is asked to stop; then it finishes what runs. */
export async function serve(ports: Ports, options: ServeOptions): Promise<ServedFor> {
  const { signal, progress, now } = ports;
  ports.endsWithin(DRAIN + LAST_LOG + 2000);
  const say = (text: string): void => progress.say(text);
  const names = await chosen(options);
  const models = new Map(names.map((name) => [name, oneModel(ports, options, name, say)]));
  const log = logOf(options, say);
  const counts = meter();
  const served = {
    models,
    log,
    meter: counts,
    now,
    fresh: randomUUID,
    draining: () => signal.aborted,
  };
  const listening = await ports.listen({
    host: options.host,
    port: options.port,
    most: MOST_BODY,
    answer: (request) => answer(served, request),
    refusal: errorBody,
    refused: (status) => counts.refused(status),
    failed: (error) => sayBug(say, "", error),
  });
  say(`listens on ${listening.url}`);
  void follow([...models.values()], options.every, signal, say);
  await stopped(signal);
  say("finishes what runs, and takes nothing new");
  const cut = await listening.close(DRAIN);
  await Promise.all([...models.values()].map((model) => model.close()));
  await log?.close(LAST_LOG);
  const [requests, predictions] = [counts.requests(), counts.predictions()];
  return { models: names, requests, predictions, cut, log: log?.counts() };
}

/** The models that are to be served: those that are named, or all of the environment. */
async function chosen({ workspace, source, environment, models }: ServeOptions): Promise<readonly string[]> {
  if (models.length > 0) return [...new Set(models)];
  let found: readonly string[];
  try {
    found = await source.models();
  } catch (error) {
    found = await rememberedModels(workspace, environment);
    if (found.length === 0) throw error;
  }
  if (found.length > 0) return found;
  throw new UserError(`${source.name} name no model; say with --model which are to come`);
}

function oneModel(
  ports: Ports,
  { workspace, source, environment }: ServeOptions,
  name: string,
  say: (text: string) => void,
): ServedModel {
  return servedModel(name, {
    environment,
    source,
    load: (target) => load(ports, workspace, name, target),
    remembered: () => remembered(workspace, environment, name),
    remember: (target) => remember(workspace, environment, name, target),
    now: ports.now,
    say,
  });
}

function logOf({ log }: ServeOptions, say: (text: string) => void): PredictionLog | undefined {
  if (log === undefined) return undefined;
  return predictionLog({ folder: log, instance: randomBytes(4).toString("hex"), say });
}

/** Looks what is wanted, again and again, at moments that no two servers share for long. */
async function follow(
  models: readonly ServedModel[],
  every: number,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<void> {
  while (!signal.aborted) {
    for (const model of models) {
      if (signal.aborted) return;
      await model.look().catch((error: unknown) => sayBug(say, `${model.name}: `, error));
    }
    await pause(every * (0.8 + 0.4 * Math.random()), undefined, { signal }).catch(() => {});
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** With all lines of where it happened, each for itself: a line of progress has no end of line within. */
function sayBug(say: (text: string) => void, who: string, error: unknown): void {
  const lines = String(error instanceof Error ? error.stack : error).split("\n");
  say(`${who}a bug: ${lines[0]}`);
  for (const line of lines.slice(1)) say(line);
}
