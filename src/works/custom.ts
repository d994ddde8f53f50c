import type { Contract } from "../config/contract.ts";
import { canonical } from "../core/artifacts/canonical.ts";
import type { Json } from "../core/artifacts/ingredient.ts";
import { parseCondition } from "../core/gates/condition.ts";
import {
  type Amounts,
  amountsOfRows,
  type CustomAmounts,
  type CustomMetric,
  customByGroup,
  customRow,
} from "../core/measures/custom.ts";
import type { Evaluation } from "../core/measures/evaluation.ts";
import { crossed, crossings } from "../core/measures/fairness/columns.ts";
import type { Certainty } from "../core/measures/interval.ts";
import { rowsThatCount, withoutZeros } from "../core/measures/row-weights.ts";
import type { Scored } from "../core/measures/scored.ts";
import type { MetricRow } from "../core/report/report.ts";
import type { CustomByGroup } from "../core/report/sections/custom.ts";
import type { TextColumn } from "../core/tables/column.ts";
import type { Engine } from "../ports/engine.ts";
import { amountsOfSide } from "./custom-amounts.ts";
import { customNames } from "./custom-names.ts";
import type { StageProject } from "./project.ts";

type Custom = NonNullable<Contract["evaluate"]["custom"]>;

/** The answers that are measured: those of `evaluate`, of which nothing was left out. */
export interface CustomInput {
  readonly classes: readonly string[];
  readonly holdout: Scored;
  readonly train: Scored | undefined;
  readonly baseline: Scored | undefined;
  readonly sensitive: ReadonlyMap<string, TextColumn>;
  readonly clusters: Int32Array | undefined;
  /** The moment of each holdout row, where blocks of time are drawn. */
  readonly moments?: Int32Array | undefined;
}

/** What a contract defines and the base branch does not: an expression could tell one row's label. */
const WITHHELD =
  "this change brings it, or alters it: it is measured once a code owner has agreed and it is merged";

/**
 * The evaluation with the contract's own metrics: their values, intervals and differences, and what they are
 * for each group.
 */
export async function withCustom(
  engine: Engine,
  project: StageProject,
  input: CustomInput,
  evaluation: Evaluation,
): Promise<Evaluation> {
  const { evaluate } = project.contract;
  const all = Object.entries(evaluate.custom ?? {});
  if (all.length === 0) return evaluation;
  const agreed = all.filter(([name]) => isAgreed(name, evaluate.custom ?? {}, project.agreed));
  const names = agreed.map(([name]) => name);
  const amounts = async (
    side: "train" | "holdout",
    scored: Scored | undefined,
    weights = scored?.weights,
  ): Promise<ReadonlyMap<string, Amounts> | undefined> => {
    if (scored === undefined) return undefined;
    const weighed = { ...scored, ...(weights === undefined ? {} : { weights }) };
    const asked = { side, scored: weighed, classes: input.classes, names };
    const found = await amountsOfSide(engine, project, asked);
    const kept = rowsThatCount(weights); // what counts nothing may have no amount, either
    if (kept === undefined) return found;
    return new Map([...found].map(([name, own]) => [name, amountsOfRows(own, kept)]));
  };
  const candidate = await amounts("holdout", input.holdout);
  const train = await amounts("train", input.train);
  const baseline = await amounts("holdout", input.baseline, input.holdout.weights);

  const { sensitive, ...rows } = countedOf(input);
  const certainty = certaintyOf(evaluate, rows);
  const asked = new Set(
    evaluate.gates.flatMap(({ gate }) => {
      const { custom, metric, by } = parseCondition(gate, customNames(project.contract));
      return custom?.worst === true ? [`${metric} by ${by}`] : [];
    }),
  );
  const columns = groupColumns(sensitive, evaluate.groups.intersections);
  const byColumn = new Map<string, CustomByGroup[]>([...columns.keys()].map((name) => [name, []]));
  const measured = all.map(([name, definition]): MetricRow => {
    const metric = metricOf(name, definition);
    const of = (found: ReadonlyMap<string, Amounts> | undefined) => found?.get(name);
    const own = of(candidate);
    if (own === undefined) return withheld(metric);
    const models: CustomAmounts = { candidate: own, train: of(train), baseline: of(baseline) };
    for (const [column, values] of columns) {
      const accuse = asked.has(`${name} by ${column}`);
      const found = customByGroup(metric, models, values, { ...certainty, accuse });
      if (found !== undefined) byColumn.get(column)?.push(found);
    }
    return customRow(metric, models, certainty);
  });
  return {
    ...placed(evaluation, measured, evaluate.metrics),
    fairness: evaluation.fairness.map((one) => {
      const found = one.within === undefined ? (byColumn.get(one.column) ?? []) : [];
      return found.length === 0 ? one : { ...one, custom: found };
    }),
  };
}

/** The rows that count anything, as all other metrics take them. */
function countedOf({ holdout, sensitive, clusters, moments }: CustomInput) {
  const { candidate, ...rest } = withoutZeros({
    candidate: holdout,
    sensitive,
    ...(clusters === undefined ? {} : { clusters }),
    ...(moments === undefined ? {} : { moments }),
  });
  return { clusters: undefined, ...rest, holdout: candidate };
}

/** As all other metrics are resampled: rows, groups of them, blocks of time, or rows of each class. */
function certaintyOf(
  { bootstrap, groups }: Contract["evaluate"],
  { clusters, moments, holdout }: Pick<CustomInput, "clusters" | "moments" | "holdout">,
): Certainty & { readonly minGroupSize: number } {
  const { resamples, confidence, seed, method, block, stratify } = bootstrap;
  const drawn = holdout.context?.queries ?? clusters; // a query is drawn with all its rows
  return {
    resamples,
    confidence,
    seed,
    ...(method === undefined ? {} : { method }),
    ...(drawn === undefined ? {} : { clusters: drawn }),
    ...(moments === undefined ? {} : { moments }),
    ...(block === undefined || block === "auto" ? {} : { block }),
    ...(stratify === undefined ? {} : { strata: holdout.labels }),
    ...(holdout.weights === undefined ? {} : { weights: holdout.weights }),
    minGroupSize: groups.min_size,
  };
}

/** Names of the metrics that are measured without this: those of one's own are put between them later. */
export function builtInMetrics({ evaluate }: Pick<Contract, "evaluate">): readonly string[] | undefined {
  return evaluate.metrics?.filter((name) => !Object.hasOwn(evaluate.custom ?? {}, name));
}

/** Where nothing has to be agreed with, all is: a laptop measures what its contract says. */
function isAgreed(name: string, own: Custom, agreed: Custom | undefined): boolean {
  if (agreed === undefined) return true;
  const other = Object.hasOwn(agreed, name) ? agreed[name] : undefined;
  return other !== undefined && canonical(own[name] as Json) === canonical(other as Json);
}

function metricOf(name: string, { title, unit, better, over, aggregate }: Custom[string]): CustomMetric {
  return {
    name,
    title: `${title ?? name}${unit === undefined ? "" : `, ${unit}`}`,
    better,
    aggregate: over === undefined ? aggregate : "ratio",
  };
}

function withheld({ name, title, better }: CustomMetric): MetricRow {
  const nothing = { value: null, interval: null, train: null, baseline: null, difference: null };
  return { name, title, better, ...nothing, reason: WITHHELD };
}

function groupColumns(
  sensitive: ReadonlyMap<string, TextColumn>,
  intersections: Contract["evaluate"]["groups"]["intersections"],
): ReadonlyMap<string, TextColumn> {
  const several = crossings([...sensitive.keys()], intersections).map(
    ({ name, of }) => [name, crossed(of.flatMap((column) => sensitive.get(column) ?? []))] as const,
  );
  return new Map([...sensitive, ...several]);
}

/** The rows in the order that the contract names them in; those that it does not name come last. */
function placed(
  { metrics, shown, ...rest }: Evaluation,
  own: readonly MetricRow[],
  named: readonly string[] = [],
): Evaluation {
  const first = metrics.slice(0, shown);
  const known = new Map([...first, ...own].map((row) => [row.name, row]));
  const ordered = [...new Set(named)].flatMap((name) => known.get(name) ?? []);
  const kept = new Set(ordered);
  const added = first.filter((row) => !kept.has(row)); // what is shown unasked, such as a benefit
  const later = own.filter((row) => !kept.has(row));
  return {
    ...rest,
    metrics: [...ordered, ...added, ...metrics.slice(shown), ...later],
    shown: ordered.length + added.length,
  };
}
