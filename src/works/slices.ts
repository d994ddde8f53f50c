import type { Contract } from "../config/contract.ts";
import { requireWeights } from "../core/measures/row-weights.ts";
import type { Scored } from "../core/measures/scored.ts";
import type { Slices } from "../core/report/sections/slices.ts";
import { findSlices, type LossyRows } from "../core/slices/find.ts";
import { defaultLoss, lossesOf } from "../core/slices/losses.ts";
import { pickRows, thinRows } from "../core/slices/rows.ts";
import type { Column } from "../core/tables/column.ts";
import { quoteName, quoteText } from "../core/tables/sql/quote.ts";
import type { Engine } from "../ports/engine.ts";
import { dataColumnsOf, requireColumn } from "../tables/columns.ts";
import { onBehalfOf } from "../tables/step-error.ts";
import type { BaselineAnswer } from "./baseline-model.ts";
import type { OpenBundle } from "./bundles.ts";
import { type Side, scoreSide } from "./score.ts";

/** The place of the settings in the contract. */
const PATH = ["evaluate", "slices"];

/**
 * Where the candidate is weak. What is found on the validation rows is confirmed on the holdout; where a
 * model answers for the holdout alone, or there are too few validation rows, one half of it is searched and
 * the other confirms.
 *
 * @throws {UserError} where a column that is named is not there, or the loss does not fit the answers
 */
export async function slicesOf(
  engine: Engine,
  contract: Contract,
  candidate: OpenBundle,
  holdout: Scored,
  baseline: BaselineAnswer,
): Promise<Slices | undefined> {
  const { slices: asked, groups, bootstrap, show_values } = contract.evaluate;
  if (asked === undefined) return undefined;
  const names = await columnsOf(engine, contract, asked.columns);
  const loss = asked.loss ?? defaultLoss(contract.task);
  const { classes } = candidate.bundle;
  const rowsOf = async (side: Side, own: Scored, base: Scored | undefined): Promise<LossyRows> => ({
    columns: await sideColumns(engine, names, side),
    losses: onBehalfOf(PATH, () => lossesOf(own, contract.task, classes.length, loss)),
    ...(own.weights === undefined ? {} : { weights: own.weights }),
    ...(base === undefined
      ? {}
      : { baseline: onBehalfOf(PATH, () => lossesOf(base, contract.task, classes.length, loss)) }),
  });
  const held = await rowsOf("holdout", holdout, baseline.scored);
  const settings = {
    loss,
    depth: asked.depth,
    support: asked.min_support,
    most: asked.most,
    minGroupSize: groups.min_size,
    confidence: bootstrap.confidence,
    named: (column: string) => show_values || contract.data.roles.sensitive.includes(column),
  };
  const bothAnswer = baseline.scored === undefined || baseline.validation !== undefined;
  if (candidate.general && bothAnswer) {
    const scored = await scoreSide(engine, candidate, contract, "validation", classes);
    if (counting(scored) >= FEW_ROWS) {
      const { weights } = scored;
      if (weights !== undefined) onBehalfOf(["data", "roles", "weight"], () => requireWeights(weights));
      const searched = await rowsOf("validation", scored, baseline.validation);
      return findSlices(thinRows(searched), held, "validation", settings);
    }
  }
  const halves = await halvesOf(engine, contract);
  const half = (which: number): LossyRows =>
    pickRows(
      held,
      halves.flatMap((own, row) => (own === which ? [row] : [])),
    );
  return findSlices(thinRows(half(0)), half(1), "holdout", settings);
}

/** Fewer validation rows than these find nothing that any row could confirm. */
const FEW_ROWS = 100;

/** The rows that count anything. */
const counting = ({ labels, weights }: Scored): number =>
  weights === undefined ? labels.length : weights.filter((weight) => weight !== 0).length;

/** The columns that may make a slice: those that are named, or all but those that no slice may have. */
async function columnsOf(
  engine: Engine,
  { data }: Contract,
  asked: "auto" | readonly string[],
): Promise<readonly string[]> {
  const all = (await dataColumnsOf(engine, "prepared")).map(({ name }) => name);
  if (asked !== "auto") {
    for (const [index, name] of asked.entries()) {
      onBehalfOf([...PATH, "columns", index], () => requireColumn(name, all, "evaluate.slices"));
    }
    return [...new Set(asked)];
  }
  const { label, id, time, group, weight, leaks } = data.roles;
  const never = new Set([label, id, time, group, weight, ...leaks, ...Object.keys(data.personal)]);
  return all.filter((name) => !never.has(name));
}

async function sideColumns(
  engine: Engine,
  names: readonly string[],
  side: Side,
): Promise<ReadonlyMap<string, Column>> {
  if (names.length === 0) return new Map();
  const table = await engine.table(
    `SELECT ${names.map(quoteName).join(", ")} FROM prepared WHERE __split = ${quoteText(side)} ORDER BY __row`,
  );
  return table.columns;
}

/** 0 or 1 for each holdout row, by its name's digest; rows of one group lie in one half. */
async function halvesOf(engine: Engine, { data }: Contract): Promise<readonly number[]> {
  const { group } = data.roles;
  const id = "CAST(__id AS VARCHAR)";
  const key = group === undefined ? id : `coalesce(CAST(${quoteName(group)} AS VARCHAR), ${id})`;
  const rows = await engine.rows(
    `SELECT ascii(md5('slices ' || ${key})) % 2 AS half FROM prepared WHERE __split = 'holdout' ORDER BY __row`,
  );
  return rows.map(({ half }) => Number(half));
}
