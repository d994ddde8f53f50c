import { nearest } from "../text/nearest.ts";
import type { Experiment, ParamValue } from "./record.ts";

/*
 * Experiments as a table: what can be listed, sorted and asked for by name. `params.epochs` and
 * `metrics.roc_auc` are names, and so are `epochs` and `roc_auc` where only one of them is called so.
 */

/** A value of an experiment in a column. */
export type Value = ParamValue;

const OWN: Readonly<Record<string, (one: Experiment) => Value>> = {
  id: ({ id }) => id,
  model: ({ model }) => model,
  folder: ({ folder }) => folder,
  source: ({ source }) => source,
  status: ({ status }) => status,
  verdict: ({ verdict }) => verdict,
  started_at: (one) => one.started_at,
  duration: ({ duration }) => duration,
  user: ({ user }) => user,
  commit: ({ commit }) => commit,
  branch: ({ branch }) => branch,
  dirty: ({ dirty }) => dirty !== null,
  pull: ({ pull }) => pull,
  sha256: ({ digests }) => digests.model?.sha256 ?? null,
  fingerprint: ({ digests }) => digests.fingerprint,
  tool: ({ environment }) => environment.tool,
  node: ({ environment }) => environment.node,
  platform: ({ environment }) => environment.platform,
  backend: ({ environment }) => environment.backend,
};

/** Reads a column's value of an experiment; null where it has none. */
export type Reader = (one: Experiment) => Value;

/** What experiments can be asked for, by name. */
export interface Columns {
  /** Whole names, the fixed ones first. */
  readonly names: readonly string[];
  /** The column of a name or of a short one. @throws {UnknownColumn} */
  find(name: string): { readonly name: string; readonly read: Reader };
  /** Short names too, for conditions. */
  readonly all: ReadonlyMap<string, Reader>;
}

/** A name that no experiment has. */
export class UnknownColumn extends Error {
  override readonly name = "UnknownColumn";
}

/** The columns that these experiments have. */
export function columnsOf(experiments: readonly Experiment[]): Columns {
  const found = new Map<string, Reader>(Object.entries(OWN));
  const short = new Map<string, string | undefined>();
  const add = (kind: string, name: string, read: Reader): void => {
    const whole = `${kind}.${name}`;
    if (found.has(whole)) return;
    found.set(whole, read);
    short.set(name, short.has(name) || name in OWN ? undefined : whole);
  };
  for (const one of experiments) {
    for (const name of Object.keys(one.params)) add("params", name, paramOf(name));
    for (const { name } of one.metrics) add("metrics", name, metricOf(name));
    for (const name of Object.keys(one.tags)) add("tags", name, ({ tags }) => own(tags, name) ?? null);
  }
  const all = new Map(found);
  for (const [name, whole] of short) {
    const read = whole === undefined ? undefined : found.get(whole);
    if (read !== undefined && !all.has(name)) all.set(name, read);
  }
  return {
    names: [...found.keys()],
    all,
    find(name) {
      const read = all.get(name);
      if (read !== undefined) return { name: found.has(name) ? name : (short.get(name) ?? name), read };
      const meant = nearest(name, all.keys());
      const hint =
        meant === undefined
          ? `there are ${[...found.keys()].slice(0, 12).join(", ")}${found.size > 12 ? ", …" : ""}`
          : `did you mean "${meant}"?`;
      throw new UnknownColumn(`no experiment has a column "${name}"; ${hint}`);
    },
  };
}

const paramOf =
  (name: string): Reader =>
  ({ params }) =>
    own(params, name) ?? null;

const metricOf =
  (name: string): Reader =>
  ({ metrics }) =>
    metrics.find((metric) => metric.name === name)?.value ?? null;

/** Names come from anybody: `constructor` is none of an object's own. */
const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
