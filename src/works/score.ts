import type { Contract } from "../config/contract.ts";
import { classIndices } from "../core/measures/labels.ts";
import type { Scored } from "../core/measures/scored.ts";
import { predictsNumbers } from "../core/measures/task.ts";
import { deciding } from "../core/models/label-thresholds.ts";
import type { Column, TextColumn } from "../core/tables/column.ts";
import { labelColumns } from "../core/tables/labels.ts";
import { quoteName, quoteText } from "../core/tables/sql/quote.ts";
import { textColumn } from "../core/tables/text-column.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import type { OpenBundle } from "./bundles.ts";
import { carried, marksOf } from "./several-labels.ts";

export type Side = "train" | "validation" | "holdout";

/** A model's answers for one side of the split, in the order of the rows. */
export async function scoreSide(
  engine: Engine,
  model: OpenBundle,
  contract: Contract,
  side: Side,
  classes: readonly string[],
): Promise<Scored> {
  const { labels: several } = contract.data.roles;
  const weight = weightOf(contract);
  const own = weight === undefined ? [] : [weight];
  const answers = labelColumns(contract.data.roles);
  const wanted = [...new Set([...answers, ...own, ...model.asks])].map(quoteName).join(", ");
  const weights: Float64Array[] = [];
  const labels: Float64Array[] = [];
  const marks: Uint8Array[] = [];
  const scores: Float64Array[] = [];
  for await (const table of engine.batches(
    `SELECT ${wanted} FROM prepared WHERE __split = ${quoteText(side)} ORDER BY __row`,
  )) {
    if (table.rows === 0) continue;
    const truths = answers.map((name): [string, Column] => {
      const column = table.columns.get(name);
      if (column === undefined) throw new UserError(`the label "${name}" is not among the prepared columns`);
      return [name, column];
    });
    const [[, truth] = []] = truths;
    if (several !== undefined) {
      const on = marksOf(truths, table.rows, "of the prepared rows");
      marks.push(on);
      labels.push(carried(on, several.length));
    } else if (truth !== undefined) labels.push(targets(truth, contract, classes));
    scores.push(await model.score(table));
    const counts = weight === undefined ? undefined : table.columns.get(weight);
    if (counts !== undefined && counts.kind !== "text") weights.push(counts.values);
  }
  const { quantiles } = model.bundle;
  return {
    labels: joined(labels),
    ...(several === undefined ? {} : { truth: joinedMarks(marks) }),
    ...apart(joined(scores), model.outputs, quantiles),
    ...(weight === undefined ? {} : { weights: joined(weights) }),
    ...deciding(model.bundle),
  };
}

/** A number and its quantiles, which stand beside it; other scores stay together. */
function apart(
  scores: Float64Array,
  outputs: number,
  quantiles: readonly number[] | undefined,
): Pick<Scored, "scores" | "outputs" | "context"> {
  if (quantiles === undefined) return { scores, outputs };
  const column = (place: number) =>
    Float64Array.from(
      { length: scores.length / outputs },
      (_, row) => scores[row * outputs + place] as number,
    );
  const by = new Map(quantiles.map((percent, place) => [percent, column(place + 1)]));
  return { scores: column(0), outputs: 1, context: { quantiles: by } };
}

/** The column that says how much a row counts in figures; undefined where all count the same. */
export function weightOf({ data, evaluate }: Contract): string | undefined {
  return evaluate.weighted === false ? undefined : data.roles.weight;
}

/** Labels as a trainer and the metrics take them: class indices, or the targets themselves. */
export function targets(column: Column, { task, data }: Contract, classes: readonly string[]): Float64Array {
  const noun = `label "${data.roles.label}"`;
  if (!predictsNumbers(task)) return Float64Array.from(classIndices(column, classes, noun));
  if (column.kind !== "text") return column.values;
  throw new UserError(`the ${noun} is text; a regression predicts a number`);
}

/** The group of each row of a side, for each sensitive column. */
export async function sensitiveColumns(
  engine: Engine,
  contract: Contract,
  side: Side = "holdout",
): Promise<Map<string, TextColumn>> {
  const names = contract.data.roles.sensitive;
  const groups = new Map<string, TextColumn>();
  if (names.length === 0) return groups;
  const table = await engine.table(
    `SELECT ${names.map(quoteName).join(", ")} FROM prepared WHERE __split = ${quoteText(side)} ORDER BY __row`,
  );
  for (const name of names) {
    const column = table.columns.get(name);
    if (column !== undefined) groups.set(name, textColumn(column));
  }
  return groups;
}

/**
 * Which holdout rows belong together: their group's number, counted from 0; a row without a group is one of
 * its own. Undefined where the contract names no group, or no two rows share one.
 */
export async function holdoutClusters(engine: Engine, { data }: Contract): Promise<Int32Array | undefined> {
  const { group } = data.roles;
  if (group === undefined) return undefined;
  const table = await engine.table(
    `SELECT ${quoteName(group)} FROM prepared WHERE __split = 'holdout' ORDER BY __row`,
  );
  const column = table.columns.get(group);
  if (column === undefined) throw new UserError(`the group "${group}" is not among the prepared columns`);
  return clustersOf(column);
}

/**
 * The moment of each holdout row, counted from 0 in the order of time. Undefined where the contract draws no blocks
 * of time.
 */
export async function holdoutMoments(engine: Engine, contract: Contract): Promise<Int32Array | undefined> {
  const { time } = contract.data.roles;
  const block = contract.evaluate.bootstrap.block ?? (contract.task === "forecast" ? "auto" : undefined);
  if (time === undefined || block === undefined) return undefined;
  const name = quoteName(time);
  const table = await engine.table(
    `SELECT CASE WHEN ${name} IS NULL THEN -1 ELSE dense_rank() OVER (ORDER BY ${name}) - 1 END AS moment FROM prepared WHERE __split = 'holdout' ORDER BY __row`,
  );
  const column = table.columns.get("moment");
  if (column === undefined || column.kind === "text") throw new Error("moments are numbers");
  const lost = column.values.filter((moment) => moment < 0).length;
  if (lost === 0) return Int32Array.from(column.values);
  throw new UserError(
    `the time "${time}" is missing in ${lost} of ${table.rows} holdout rows, and blocks of time are drawn; leave them out in prepare.rows`,
  );
}

/** The same of a column of groups that was read. */
export function clustersOf(column: Column): Int32Array | undefined {
  const numbers = new Map<number, number>();
  let next = 0;
  const clusters = textColumn(column).codes.map((code) => {
    const known = code < 0 ? undefined : numbers.get(code);
    if (known !== undefined) return known;
    if (code >= 0) numbers.set(code, next);
    return next++;
  });
  return next === clusters.length ? undefined : clusters;
}

function joinedMarks(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
