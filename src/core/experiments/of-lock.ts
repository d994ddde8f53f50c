import { canonical } from "../artifacts/canonical.ts";
import { digestOf } from "../artifacts/digest.ts";
import type { Ingredient, Json } from "../artifacts/ingredient.ts";
import type { StageLock } from "../artifacts/lock.ts";
import type { Report } from "../report/report.ts";
import { flatten } from "./flatten.ts";
import type { Experiment, ExperimentMetric, ParamValue } from "./record.ts";

/* What lock and report say of an experiment: all that is not about who ran it, when and where. */

/** A lock's stages, or those of a run that broke off, which has no fingerprint of what it did not make. */
export type Stages = ReadonlyMap<
  string,
  Pick<StageLock, "in" | "out"> & { readonly fingerprint?: StageLock["fingerprint"] }
>;

/** What the user set and a search would move; where the data come from, and what is measured, is not. */
const PARAMS = /^(train|features|prepare|split|evaluate\.decision)(\.|$)/;
const OWN = "train.params.";

/**
 * The parameters of a lock, flat. Those of the trainer go by their own names, as `train.params` has them;
 * the others by their place in the contract.
 */
export function paramsIn(lock: Stages): Record<string, ParamValue> {
  const found = new Map<string, Json>();
  for (const { in: ingredients } of lock.values())
    for (const { kind, name, value, sha256 } of ingredients) {
      if (kind !== "parameters" || !PARAMS.test(name) || name.startsWith("train.code")) continue;
      found.set(name, value === undefined ? `sha256 ${(sha256 ?? "").slice(0, 12)}` : value);
    }
  const params = new Map<string, ParamValue>();
  for (const [name, value] of found) {
    if (!name.startsWith(OWN)) params.set(name, plain(value));
  }
  for (const [name, value] of found) {
    if (!name.startsWith(OWN)) continue;
    for (const [key, part] of Object.entries(flatten(value, name))) {
      const bare = key.slice(OWN.length);
      params.set(params.has(bare) ? key : bare, part);
    }
  }
  return Object.fromEntries(params);
}

/** A list of columns is one parameter: a row each would hide what a person tunes. */
function plain(value: Json): ParamValue {
  if (typeof value === "object" && value !== null) return JSON.stringify(value).slice(0, 20_000);
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

/** The seeds that the numbers hang on. */
export function seedsIn(params: Readonly<Record<string, ParamValue>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) =>
      /(^|\.)seed$/.test(name) && typeof value === "number" ? [[name, value]] : [],
    ),
  );
}

const MOST_FILES = 200;

/** What exactly went in and came out. */
export function digestsIn(lock: Stages, model: string): Experiment["digests"] {
  const all = [...lock.values()].flatMap((stage) => stage.in);
  const distinct = (kind: Ingredient["kind"]): Ingredient[] => [
    ...new Map(all.flatMap((one) => (one.kind === kind ? [[one.name, one] as const] : []))).values(),
  ];
  const files = (kind: Ingredient["kind"], most: number): Experiment["digests"]["data"] =>
    distinct(kind)
      .slice(0, most)
      .map(({ name, sha256, size }) => ({
        name: name.slice(0, 500),
        sha256: sha256 ?? null,
        size: size ?? null,
      }));
  const code = distinct("code").map(({ name, sha256 = "" }) => [name, sha256]);
  const train = lock.get("train");
  const made = train?.out.find(({ path }) => path === `models/${model}`);
  return {
    model: made === undefined ? null : { md5: made.md5, sha256: made.sha256, size: made.size },
    fingerprint: train?.fingerprint ?? null,
    data: files("data", MOST_FILES),
    code:
      code.length === 0
        ? null
        : {
            sha256: digestOf(canonical(code.sort((a, b) => compare(a[0], b[0])))).sha256,
            files: code.length,
          },
    environment: files("environment", 20),
  };
}

const compare = (a = "", b = ""): number => (a < b ? -1 : a > b ? 1 : 0);

/** What computed the model, as the lock has it. */
export function backendIn(lock: Stages): string | null {
  return lock.get("train")?.in.find(({ kind }) => kind === "backend")?.name ?? null;
}

/** Numbers with their intervals: the metrics, and of fairness what a gate asks. */
export function metricsIn(report: Pick<Report, "metrics" | "fairness" | "gates">): ExperimentMetric[] {
  const rows = report.metrics.map((row) => metricOf(row.name, row));
  const asked = report.gates.map(({ condition }) => condition);
  for (const { column, measures, within } of report.fairness) {
    if (within !== undefined) continue;
    for (const row of measures) {
      const gate = asked.find((condition) => condition.startsWith(`${row.name} by `));
      if (gate?.includes(column)) rows.push(metricOf(`${row.name} by ${column}`, row));
    }
  }
  return rows.slice(0, 2000);
}

function metricOf(name: string, row: Report["metrics"][number]): ExperimentMetric {
  const { value, interval, baseline, reason } = row;
  return {
    name: name.slice(0, 500),
    value,
    reason: value === null ? (reason?.slice(0, 500) ?? null) : null,
    interval: interval && { low: interval.low, high: interval.high, confidence: interval.confidence },
    baseline,
  };
}

/** The curves of a built-in training. */
export function curvesIn(history: Report["history"]): Experiment["curves"] {
  const shown = history.slice(0, 10_000);
  const validation = shown.flatMap(({ epoch, validation_loss: loss }): [number, number][] =>
    loss === null ? [] : [[epoch, loss]],
  );
  return [
    { name: "loss", points: shown.map(({ epoch, loss }): [number, number] => [epoch, loss]) },
    { name: "validation_loss", points: validation },
  ].filter(({ points }) => points.length > 0);
}
