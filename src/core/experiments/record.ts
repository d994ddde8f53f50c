import * as z from "zod";
import { canonical } from "../artifacts/canonical.ts";
import { digestOf } from "../artifacts/digest.ts";
import type { Json } from "../artifacts/ingredient.ts";
import { VERDICTS } from "../gates/verdict.ts";

/*
 * An experiment: what one run was told, what it was made of, and what came out. One JSON file each,
 * `.trainyard/experiments/ID.json` for runs here, `experiments/MODEL/PULL/….json` in the ledger for runs
 * that were judged. Words are MLflow's where it has one (params, metrics, status, tags).
 */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "is not a sha256");
const short = z.string().max(500);
const long = z.string().max(20_000);
const known = z.number().nullable();

/** A parameter's value: nested ones are flattened, so that each is one of these. */
export const paramValue = z.union([long, z.number(), z.boolean(), z.null()]);

const experimentMetric = z.strictObject({
  name: short,
  value: known,
  /** Why there is no number, such as `NaN`. */
  reason: short.nullable(),
  interval: z.strictObject({ low: z.number(), high: z.number(), confidence: z.number() }).nullable(),
  baseline: known,
});

/** A curve of training: pairs of step and value. */
const experimentCurve = z.strictObject({
  name: short,
  points: z.array(z.array(z.number()).length(2)).max(10_000),
});

const file = z.strictObject({ name: short, sha256: sha256.nullable(), size: z.number().nullable() });

/** What an experiment left behind. */
export const experiment = z.strictObject({
  schema: z.literal("trainyard/experiment/1"),
  id: z.string().regex(/^\d{8}T\d{6}Z-[0-9a-f]{10}$/, "is no experiment's id"),
  model: short,
  /** The contract's folder, `.` where it is the repository's top. */
  folder: short,
  /** `run` on this machine · `judge` on the forge · `mlflow` and `dvclive`: imported. */
  source: z.enum(["run", "judge", "mlflow", "dvclive"]),
  status: z.enum(["finished", "failed", "killed"]),
  message: z.string().max(2000).nullable(),
  verdict: z.enum(VERDICTS).nullable(),
  started_at: z.iso.datetime({ offset: true }),
  /** Seconds. */
  duration: known,
  user: short.nullable(),
  commit: z
    .string()
    .regex(/^[0-9a-f]{40,64}$/)
    .nullable(),
  branch: short.nullable(),
  /** Of the tracked files that differ from the commit; null where none does. */
  dirty: sha256.nullable(),
  /** What `--set` changed of the contract. */
  set: z.array(short).max(200),
  params: z.record(z.string().max(500), paramValue),
  metrics: z.array(experimentMetric).max(2000),
  gates: z.array(z.strictObject({ condition: short, verdict: z.enum(VERDICTS) })).max(500),
  digests: z.strictObject({
    model: z.strictObject({ md5: short, sha256, size: z.number().nullable() }).nullable(),
    /** Over everything that went into the training. */
    fingerprint: sha256.nullable(),
    data: z.array(file).max(200),
    /** Of all code together, and how many files that is. */
    code: z.strictObject({ sha256, files: z.number().int() }).nullable(),
    /** The file that fixes the versions, such as `uv.lock`. */
    environment: z.array(file).max(20),
  }),
  environment: z.strictObject({
    tool: short,
    node: short.nullable(),
    platform: short.nullable(),
    backend: short.nullable(),
  }),
  seeds: z.record(short, z.number()),
  stages: z.array(z.strictObject({ stage: short, outcome: short, seconds: known })).max(50),
  curves: z.array(experimentCurve).max(200),
  pull: z.number().int().nullable(),
  /** Where it is looked at: the run that judged it, or the tracking server's page. */
  url: z.string().max(1000).nullable(),
  /** What a tracking server keeps beside it. */
  tags: z.record(z.string().max(500), z.string().max(10_000)),
});

/** What an experiment left behind. */
export type Experiment = z.output<typeof experiment>;
/** One number of an experiment, with where the true one lies. */
export type ExperimentMetric = Experiment["metrics"][number];
/** A parameter's value. */
export type ParamValue = z.output<typeof paramValue>;

/** An experiment that has no id yet. */
export type Unnamed = Omit<Experiment, "schema" | "id">;

/** Before the names of what a run says of itself while it trains; nobody has checked it. */
export const OWN = "dvclive.";

/**
 * What an experiment is, whenever and by whomever it was made: the same twice has the same digits.
 *
 * Not in it: when, who, where, how long, the commit, and what the run said of itself.
 */
export function contentOf(one: Unnamed): string {
  const { model, folder, source, status, message, verdict, params, metrics, gates, digests } = one;
  const measured = metrics.filter(({ name }) => !name.startsWith(OWN));
  const told = Object.fromEntries(Object.entries(params).filter(([name]) => !name.startsWith(OWN)));
  const content = { model, folder, source, status, message, verdict, params: told, gates, digests };
  return digestOf(canonical({ ...content, metrics: measured } as unknown as Json)).sha256;
}

const DIGITS = 10;

/** The digits of the content that are part of an id. */
export const contentDigits = (one: Unnamed): string => contentOf(one).slice(0, DIGITS);

/**
 * Gives an experiment its id: when it began, so that ids sort by time, and digits of what it is.
 *
 * @example idOf("2026-11-22T01:02:03.456Z", "0123456789abcdef") // => "20261122T010203Z-0123456789"
 */
export function idOf(at: string, content: string): string {
  const stamp = new Date(at).toISOString().replace(/[-:]|\.\d+/g, "");
  return `${stamp}-${content.slice(0, DIGITS)}`;
}

/** The whole experiment. */
export function named(one: Unnamed): Experiment {
  return { schema: "trainyard/experiment/1", id: idOf(one.started_at, contentOf(one)), ...one };
}

/** An experiment as it stands in a file; undefined where it is none of this version. */
export function parseExperiment(text: string): Experiment | undefined {
  try {
    const parsed = experiment.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** The file of an experiment; the same value always has the same bytes. */
export const printExperiment = (one: Experiment): string => `${JSON.stringify(one, undefined, 2)}\n`;
