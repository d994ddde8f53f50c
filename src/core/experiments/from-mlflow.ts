import { sha256 } from "../artifacts/digest.ts";
import { VERDICTS } from "../gates/verdict.ts";
import { type Experiment, type ExperimentMetric, idOf, type ParamValue, type Unnamed } from "./record.ts";
import { BESIDE, ID_TAG } from "./to-mlflow.ts";

/* A run of MLflow's as an experiment. Everything in it may have been written by anybody. */

/** What is known of a run. */
export interface FoundRun {
  readonly id: string;
  readonly name: string;
  readonly status: "RUNNING" | "SCHEDULED" | "FINISHED" | "FAILED" | "KILLED";
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly params: readonly { readonly key: string; readonly value: string }[];
  readonly metrics: readonly { readonly key: string; readonly value: number; readonly step: number }[];
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  /** Values of the metrics that have steps. */
  readonly curves: Experiment["curves"];
}

/** Where it was found, and what it is to belong to. */
export interface Into {
  readonly address: string;
  readonly experiment: string;
  readonly model: string;
  readonly folder: string;
}

/** The tag that holds the run's id at its server. */
export const RUN_TAG = "mlflow.run_id";

const MOST_METRICS = 2000;
const MOST_TEXTS = 2000;

/** An experiment from a run that has ended. */
export function fromMlflow(run: FoundRun, into: Into): Unnamed {
  const tags = new Map(run.tags.slice(0, MOST_TEXTS).map(({ key, value }) => [key, value]));
  const tag = (name: string, most = 500): string | null => tags.get(name)?.slice(0, most) || null;
  const start = run.start ?? 0;
  const commit = tag("mlflow.source.git.commit");
  const verdict = VERDICTS.find((one) => one === tag("trainyard.verdict")) ?? null;
  const sha = sha256(tag("trainyard.model.sha256") ?? "");
  const ours = tags.has(ID_TAG);
  return {
    model: into.model.slice(0, 500),
    folder: into.folder,
    source: "mlflow",
    status: run.status === "FINISHED" ? "finished" : run.status === "KILLED" ? "killed" : "failed",
    message: run.status === "FINISHED" ? null : tag("mlflow.note.content", 2000),
    verdict,
    started_at: new Date(Math.min(Math.max(start, 0), LATEST)).toISOString(),
    duration:
      run.end === undefined || run.start === undefined ? null : Math.max(0, (run.end - run.start) / 1000),
    user: tag("mlflow.user"),
    commit: commit !== null && /^[0-9a-f]{40,64}$/.test(commit) ? commit : null,
    branch: tag("mlflow.source.git.branch"),
    dirty: sha256(tag("trainyard.dirty") ?? "") ?? null,
    set: [],
    params: Object.fromEntries(
      run.params.slice(0, MOST_TEXTS).map(({ key, value }) => [key.slice(0, 500), paramOf(value)]),
    ),
    metrics: metricsOf(run.metrics, ours ? Number(tag("trainyard.confidence") ?? 0.95) : undefined),
    gates: gatesIn(ours ? (tags.get("trainyard.gates") ?? "") : ""),
    digests: {
      model: sha === undefined ? null : { md5: "", sha256: sha, size: null },
      fingerprint: sha256(tag("trainyard.fingerprint") ?? "") ?? null,
      data: [],
      code: null,
      environment: [],
    },
    environment: {
      tool: tag("trainyard.tool") ?? "mlflow",
      node: tag("trainyard.node"),
      platform: tag("trainyard.platform"),
      backend: tag("trainyard.backend"),
    },
    seeds: {},
    stages: [],
    curves: run.curves.slice(0, 200),
    pull: null,
    url: into.address.slice(0, 1000),
    tags: {
      ...Object.fromEntries(
        [...tags]
          .filter(([key]) => !key.startsWith("trainyard.") && key.length <= 500)
          .map(([key, value]) => [key, value.slice(0, 10_000)]),
      ),
      [RUN_TAG]: run.id,
      "mlflow.experiment": into.experiment.slice(0, 500),
      "mlflow.runName": run.name.slice(0, 500),
    },
  };
}

/** A line for each gate: its verdict and its condition. */
function gatesIn(text: string): Experiment["gates"] {
  return text
    .split("\n")
    .slice(0, 500)
    .flatMap((line) => {
      const verdict = VERDICTS.find((one) => line.startsWith(`${one} `));
      return verdict === undefined ? [] : [{ verdict, condition: line.slice(verdict.length + 1, 500) }];
    });
}

/** The last moment that four digits of a year can say. */
const LATEST = Date.UTC(9999, 11, 31);

/** The id that an experiment had before it was exported, where the run says one. */
export function idSaid({ tags }: Pick<FoundRun, "tags">): string | undefined {
  const said = tags.find(({ key }) => key === ID_TAG)?.value;
  return said !== undefined && said === safely(() => idOf(stampOf(said), said.slice(-10))) ? said : undefined;
}

/** `20261122T010203Z-0123456789` says when. */
const stampOf = (id: string): string =>
  id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-f]{10}$/, "$1-$2-$3T$4:$5:$6Z");

function safely<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) return undefined; // no such moment
    throw error;
  }
}

/** Numbers as numbers, Python's words as what they mean; anything else is text. */
function paramOf(value: string): ParamValue {
  if (value === "None") return null;
  if (/^(true|false)$/i.test(value)) return /^true$/i.test(value);
  if (/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) && Number.isFinite(Number(value)))
    return Number(value);
  return value.slice(0, 20_000);
}

/** @param confidence of the intervals that stand beside values of our own; undefined where there are none */
function metricsOf(found: FoundRun["metrics"], confidence: number | undefined): ExperimentMetric[] {
  const ours = confidence !== undefined && confidence > 0 && confidence < 1;
  const values = new Map(
    found.slice(0, 3 * MOST_METRICS).map(({ key, value }) => [key.slice(0, 500), value]),
  );
  const beside = (name: string, end: string): number | null => {
    const value = ours ? values.get(name + end) : undefined;
    return value === undefined || !Number.isFinite(value) ? null : value;
  };
  const isBeside = (name: string): boolean =>
    ours && Object.values(BESIDE).some((end) => name.endsWith(end) && values.has(name.slice(0, -end.length)));
  return [...values]
    .filter(([name]) => !isBeside(name))
    .slice(0, MOST_METRICS)
    .map(([name, value]) => {
      const [low, high] = [beside(name, BESIDE.low), beside(name, BESIDE.high)];
      return {
        name,
        value: Number.isFinite(value) ? value : null,
        reason: Number.isFinite(value) ? null : String(value),
        interval: low === null || high === null ? null : { low, high, confidence: confidence ?? 0 },
        baseline: beside(name, BESIDE.baseline),
      };
    });
}
