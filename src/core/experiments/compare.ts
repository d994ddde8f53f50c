import { METRICS } from "../measures/metrics/catalogue.ts";
import { OF_LABEL } from "../measures/metrics/of-label.ts";
import { columnsOf, type Value } from "./columns.ts";
import type { Experiment } from "./record.ts";

/** One thing that experiments have, in the order of the experiments. */
export interface ComparedRow {
  /** `params.epochs`, `metrics.roc_auc`, `data.cps.csv` */
  readonly name: string;
  readonly values: readonly Value[];
}

/** Experiments side by side. */
export interface Compared {
  readonly experiments: readonly Experiment[];
  /** What is not the same in all of them. */
  readonly differs: readonly ComparedRow[];
  /** How many parameters and metrics are the same in all of them. */
  readonly same: number;
}

/** What a person compares; when, who and how long differ anyway. */
const COMPARED =
  /^(model|folder|source|status|verdict|commit|branch|dirty|sha256|tool|node|platform|backend|params\..*|metrics\..*)$/s;

/** What differs between experiments: where they come from, data, parameters, metrics. */
export function compareExperiments(experiments: readonly Experiment[]): Compared {
  const { names, all } = columnsOf(experiments);
  const rows = names
    .filter((name) => COMPARED.test(name))
    .map((name) => ({ name, values: experiments.map((one) => all.get(name)?.(one) ?? null) }));
  const data = [...new Set(experiments.flatMap(({ digests }) => digests.data.map(({ name }) => name)))];
  const files = data.map((name) => ({
    name: `data.${name}`,
    values: experiments.map(
      ({ digests }) => digests.data.find((file) => file.name === name)?.sha256?.slice(0, 12) ?? null,
    ),
  }));
  const code = {
    name: "code",
    values: experiments.map(({ digests }) => digests.code?.sha256.slice(0, 12) ?? null),
  };
  const order = (name: string): number =>
    name.startsWith("metrics.") ? 2 : name.startsWith("params.") ? 1 : 0;
  const everything = [...rows, ...files, code].sort((a, b) => order(a.name) - order(b.name));
  const differs = everything.filter(({ values }) => new Set(values).size > 1);
  return { experiments, differs, same: everything.length - differs.length };
}

/**
 * Which way a metric is better; undefined for what no catalogue knows.
 *
 * @example betterOf("roc_auc") // => "higher"
 * @example betterOf("log_loss") // => "lower"
 * @example betterOf("equalized_odds_difference by gender") // => "lower"
 * @example betterOf("demographic_parity_ratio by race") // => "higher"
 * @example betterOf("recall of rain") // => "higher"
 * @example betterOf("dvclive.train.acc") // => undefined
 */
export function betterOf(metric: string): "higher" | "lower" | undefined {
  const fairness = /_(difference|ratio) by /.exec(metric)?.[1];
  if (fairness !== undefined) return fairness === "ratio" ? "higher" : "lower";
  const [own = ""] = metric.split(" of "); // of one label
  return METRICS.get(metric)?.better ?? (OF_LABEL.some((name) => name === own) ? "higher" : undefined);
}

/** The experiment with the best of a metric; the first of equals. */
export function bestOf(experiments: readonly Experiment[], metric: string): Experiment | undefined {
  const better = betterOf(metric);
  let best: { readonly one: Experiment; readonly value: number } | undefined;
  for (const one of experiments) {
    const value = one.metrics.find(({ name }) => name === metric)?.value;
    if (value === undefined || value === null || better === undefined) continue;
    if (best === undefined || (better === "higher" ? value > best.value : value < best.value))
      best = { one, value };
  }
  return best?.one;
}
