import { mlflowNames } from "./mlflow-names.ts";
import type { Experiment, ParamValue } from "./record.ts";

/* An experiment in MLflow's shapes. */

/** The tag by which an exported experiment is found again. */
export const ID_TAG = "trainyard.id";
/** Set last: a run that has it lacks nothing. */
export const WHOLE_TAG = "trainyard.exported";

/** What is logged of a run. */
export interface Logged {
  readonly name: string;
  readonly status: "FINISHED" | "FAILED" | "KILLED";
  readonly start: number;
  readonly end: number;
  readonly user: string;
  readonly params: readonly { readonly key: string; readonly value: string }[];
  readonly metrics: readonly {
    readonly key: string;
    readonly value: number;
    readonly timestamp: number;
    readonly step: number;
  }[];
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

// What MLflow keeps of a value (mlflow/utils/validation.py); its own client cuts longer ones, too.
const LONGEST_PARAM = 6000;
const LONGEST_TAG = 8000;

/** Ends of an interval and production's value, by what is put after a metric's name. */
export const BESIDE = { low: ".ci_low", high: ".ci_high", baseline: ".baseline" } as const;

/** An experiment as MLflow has it: intervals become metrics of their own, curves have steps. */
export function toMlflow(one: Experiment): Logged {
  const start = Date.parse(one.started_at);
  const end = start + Math.round((one.duration ?? 0) * 1000);
  const params = mlflowNames(Object.keys(one.params));
  const tags = tagsOf(one);
  const tagNames = mlflowNames(tags.map(([key]) => key));
  return {
    name: one.id,
    status: STATUS[one.status],
    start,
    end,
    user: one.user ?? "",
    params: Object.entries(one.params).map(([name, value]) => ({
      key: params.get(name) ?? name,
      value: cut(paramText(value), LONGEST_PARAM),
    })),
    metrics: metricsOf(one, start, end),
    tags: tags.map(([key, value]) => ({ key: tagNames.get(key) ?? key, value: cut(value, LONGEST_TAG) })),
  };
}

const STATUS = { finished: "FINISHED", failed: "FAILED", killed: "KILLED" } as const;

function metricsOf(one: Experiment, start: number, end: number): Logged["metrics"] {
  const curves = new Set(one.curves.map(({ name }) => name));
  const points = one.metrics.flatMap(({ name, value, reason, interval, baseline }): [string, number][] => {
    const number = value ?? numberSaid(reason);
    return [
      ...(number === undefined || curves.has(name) ? [] : [[name, number] as [string, number]]),
      ...(interval === null
        ? []
        : ([
            [name + BESIDE.low, interval.low],
            [name + BESIDE.high, interval.high],
          ] as [string, number][])),
      ...(baseline === null ? [] : [[name + BESIDE.baseline, baseline] as [string, number]]),
    ];
  });
  const names = mlflowNames([...points.map(([name]) => name), ...curves]);
  const key = (name: string): string => names.get(name) ?? name;
  return [
    ...points.map(([name, value]) => ({ key: key(name), value, timestamp: end, step: 0 })),
    ...one.curves.flatMap(({ name, points: pairs }) =>
      pairs.map(([step = 0, value = Number.NaN]) => ({
        key: key(name),
        value,
        timestamp: start,
        step: Math.round(step),
      })),
    ),
  ];
}

/** A number that JSON does not have, by its name. */
function numberSaid(reason: string | null): number | undefined {
  return reason === "NaN" || reason === "Infinity" || reason === "-Infinity" ? Number(reason) : undefined;
}

function tagsOf(one: Experiment): readonly (readonly [string, string])[] {
  const { digests, environment } = one;
  const all: readonly (readonly [string, string | null])[] = [
    [ID_TAG, one.id],
    ["mlflow.user", one.user],
    ["mlflow.source.type", "PROJECT"],
    ["mlflow.source.name", `${one.model} (${one.folder})`],
    ["mlflow.source.git.commit", one.commit],
    ["mlflow.source.git.branch", one.branch],
    ["mlflow.note.content", one.message],
    ["trainyard.model", one.model],
    ["trainyard.folder", one.folder],
    ["trainyard.source", one.source],
    ["trainyard.verdict", one.verdict],
    ["trainyard.dirty", one.dirty],
    ["trainyard.pull", one.pull === null ? null : String(one.pull)],
    ["trainyard.url", one.url],
    ["trainyard.model.sha256", digests.model?.sha256 ?? null],
    ["trainyard.fingerprint", digests.fingerprint],
    ["trainyard.code.sha256", digests.code?.sha256 ?? null],
    ...digests.data.map(({ name, sha256 }) => [`trainyard.data.${name}`, sha256] as const),
    ["trainyard.gates", one.gates.map(({ condition, verdict }) => `${verdict} ${condition}`).join("\n")],
    ["trainyard.tool", environment.tool],
    ["trainyard.node", environment.node],
    ["trainyard.platform", environment.platform],
    ["trainyard.backend", environment.backend],
    ["trainyard.confidence", confidenceOf(one)],
    ["trainyard.set", one.set.length === 0 ? null : one.set.join("\n")],
    ...Object.entries(one.tags).filter(([key]) => !/^(mlflow|trainyard)\./.test(key)),
  ];
  const given = new Map(
    all.flatMap(([key, value]) => (value === null || value === "" ? [] : [[key, value] as const])),
  );
  return [...given];
}

/** Of the intervals, where all of them have the same. */
function confidenceOf({ metrics }: Experiment): string | null {
  const all = new Set(metrics.flatMap(({ interval }) => interval?.confidence ?? []));
  return all.size === 1 ? String([...all][0]) : null;
}

/** As MLflow's client writes a Python value: `str(value)`. */
const paramText = (value: ParamValue): string =>
  value === null ? "None" : value === true ? "True" : value === false ? "False" : String(value);

/** No half of a surrogate pair is left at the end. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
}
