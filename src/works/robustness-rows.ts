import type { Contract } from "../config/contract.ts";
import type { Scored } from "../core/measures/scored.ts";
import type { Facts } from "../core/robustness/facts.ts";
import type { Asked, Measuring } from "../core/robustness/outcome.ts";
import type { Table } from "../core/tables/column.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import { type OpenBundle, RowsRefused } from "./bundles.ts";
import { clustersOf, targets, weightOf } from "./score.ts";

/** Rows of the holdout, with what the model asks for, and how to ask it. */
export interface AskedRows {
  readonly table: Table;
  readonly labels: Float64Array;
  /** How much each counts; absent where all count the same. */
  readonly weights: Float64Array | undefined;
  /** Which of them belong together; absent where none do. */
  readonly clusters: Int32Array | undefined;
  /** The moment of each among all of the holdout; absent where no blocks of time are drawn. */
  readonly moments: Int32Array | undefined;
  /** Rows that were asked about so far. */
  readonly answers: () => number;
  /** What the model says of rows; @throws where it cannot answer at all */
  score(table: Table): Promise<Float64Array>;
  /** The same of perturbed ones, which its recipe may refuse, and it may break on. */
  ask(table: Table): Promise<Asked>;
}

/** Points of a curve. */
export const POINTS = 20;

/** What a part of the questions is asked with. */
export interface Asking {
  readonly contract: Contract;
  readonly settings: NonNullable<Contract["evaluate"]["robustness"]>;
  readonly rows: AskedRows;
  /** What the model says of the untouched rows. */
  readonly clean: Scored;
  readonly facts: ReadonlyMap<string, Facts>;
  readonly measuring: Measuring;
  readonly classes: readonly string[];
}

/**
 * Some rows of the holdout, the same ones whatever model is asked: those whose id has the smallest digests.
 */
export async function openRows(
  engine: Engine,
  contract: Contract,
  model: OpenBundle,
  most: number,
  { signal, tell }: { readonly signal: AbortSignal; readonly tell: (answers: number) => void },
): Promise<AskedRows> {
  const { label, group, time } = contract.data.roles;
  const blocks = time !== undefined && contract.evaluate.bootstrap.block !== undefined;
  const weight = weightOf(contract);
  const own = [group, weight].flatMap((name) => name ?? []);
  const names = [...new Set([label, ...model.asks, ...own])];
  const counting = weight === undefined ? "" : ` AND ${quoteName(weight)} <> 0`;
  const moment = blocks ? `dense_rank() OVER (ORDER BY ${quoteName(time)}) - 1` : "0";
  const all = await engine.table(
    `SELECT ${names.map(quoteName).join(", ")}, __moment FROM (SELECT *, ${moment} AS __moment FROM prepared WHERE __split = 'holdout'${counting}
     ORDER BY md5('robustness ' || CAST(__id AS VARCHAR)), __row LIMIT ${most}) ORDER BY __row`,
  );
  const truth = all.columns.get(label);
  if (truth === undefined) throw new UserError(`the label "${label}" is not among the prepared columns`);
  const labels = targets(truth, contract, model.bundle.classes);
  const inputs = model.asks.flatMap((name) => {
    const column = all.columns.get(name);
    return column === undefined ? [] : [[name, column] as const];
  });
  const groups = group === undefined ? undefined : all.columns.get(group);
  const counts = weight === undefined ? undefined : all.columns.get(weight);
  const weights = counts === undefined || counts.kind === "text" ? undefined : counts.values;
  const ranks = all.columns.get("__moment");
  const moments = blocks && ranks?.kind === "number" ? Int32Array.from(ranks.values) : undefined;
  let answers = 0;
  const score = (table: Table): Promise<Float64Array> => {
    answers += table.rows;
    tell(answers);
    return model.score(table);
  };
  const { threshold } = model.bundle;
  return {
    table: { rows: all.rows, columns: new Map(inputs) },
    labels,
    weights,
    moments,
    clusters: groups && clustersOf(groups),
    answers: () => answers,
    score,
    async ask(table) {
      signal.throwIfAborted();
      try {
        const scores = await score(table);
        if (!scores.every(Number.isFinite)) return { state: "broken" };
        const scored: Scored = {
          labels,
          scores,
          outputs: model.outputs,
          ...(weights === undefined ? {} : { weights }),
          ...(threshold === null ? {} : { threshold }),
        };
        return { state: "measured", scored };
      } catch (error) {
        signal.throwIfAborted();
        // what its recipe refuses, the model was never asked; all else is a question that it did not answer
        return { state: error instanceof RowsRefused ? "refused" : "broken" };
      }
    },
  };
}
