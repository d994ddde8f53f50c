import type { Amounts } from "../core/measures/custom.ts";
import { labelSetsOf } from "../core/measures/label-sets.ts";
import { classified, type Scored } from "../core/measures/scored.ts";
import { predictsNumbers } from "../core/measures/task.ts";
import type { Column, Table } from "../core/tables/column.ts";
import { columnsOf, compile, ExpressionError, parseExpression } from "../core/tables/expression/index.ts";
import { quoteName, quoteText } from "../core/tables/sql/quote.ts";
import { nearest } from "../core/text/nearest.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import type { StageProject } from "./project.ts";

/** One model's answers for a side of the split, in the order of its rows. */
export interface SideAnswers {
  readonly side: "train" | "holdout";
  readonly scored: Scored;
  readonly classes: readonly string[];
  /** Names of the contract's metrics that are asked for. */
  readonly names: readonly string[];
}

/** One expression of a metric, and where it stands. */
interface Part {
  readonly path: readonly string[];
  readonly text: string;
  readonly columns: readonly string[];
  readonly amount: (table: Table) => Column;
}

/** What models answer, beside the rows' own columns. */
const LABEL = "label";

/**
 * What each row counts for the metrics that a contract defines: their expressions over the rows' columns and a
 * model's answers.
 *
 * @throws {UserError} with the place where an expression does not fit the rows
 */
export async function amountsOfSide(
  engine: Engine,
  project: StageProject,
  { side, scored, classes, names }: SideAnswers,
): Promise<ReadonlyMap<string, Amounts>> {
  const { contract } = project;
  const parts = names.map((name) => ({
    name,
    value: partOf(project, name, "value"),
    over: contract.evaluate.custom?.[name]?.over === undefined ? undefined : partOf(project, name, "over"),
  }));
  const all = parts.flatMap(({ value, over }) => [value, ...(over === undefined ? [] : [over])]);
  const answers = await answerColumns(engine, project, scored, classes);
  const known = (await engine.columns("SELECT * FROM prepared"))
    .map(({ name }) => name)
    .filter((name) => !name.startsWith("__"));
  const { label, labels: several } = contract.data.roles; // of more than two classes it is read as it stands
  const truths = several === undefined ? [LABEL] : []; // several labels are columns of the rows
  requireKnown(project, all, known, [...truths, ...answers.keys()]);

  const rows = scored.labels.length;
  const found = new Map(
    parts.map(({ name, over }) => [
      name,
      {
        values: new Float64Array(rows),
        over: over === undefined ? new Float64Array(rows).fill(1) : new Float64Array(rows),
        ...(scored.weights === undefined ? {} : { weights: scored.weights }),
      },
    ]),
  );
  const read = new Set(all.flatMap(({ columns }) => columns).filter((name) => !answers.has(name)));
  const wanted = [...read].map((name) =>
    truths.includes(name) ? `${quoteName(label)} AS ${quoteName(LABEL)}` : quoteName(name),
  );
  let from = 0;
  for await (const table of engine.batches(
    `SELECT ${["__row", ...wanted].join(", ")} FROM prepared WHERE __split = ${quoteText(side)} ORDER BY __row`,
  )) {
    const to = from + table.rows;
    const columns = new Map([...table.columns].filter(([name]) => name !== "__row"));
    for (const [name, slice] of answers) columns.set(name, slice(from, to));
    for (const { name, value, over } of parts) {
      const own = found.get(name);
      own?.values.set(amountsIn(project, value, { rows: table.rows, columns }), from);
      if (over !== undefined) own?.over.set(amountsIn(project, over, { rows: table.rows, columns }), from);
    }
    from = to;
  }
  if (from !== rows) throw new RangeError(`${from} rows of the ${side} beside ${rows} answers`);
  return found;
}

function partOf({ contract }: StageProject, name: string, key: "value" | "over"): Part {
  const text = contract.evaluate.custom?.[name]?.[key] ?? "";
  const expression = parseExpression(text); // the contract was checked
  return {
    path: ["evaluate", "custom", name, key],
    text,
    columns: columnsOf(expression),
    amount: compile(expression),
  };
}

type Slice = (from: number, to: number) => Column;

/**
 * The truth and what the model says of it: of two classes 1 for the positive one and 0 for the other, of more
 * their names (the truth is read from the rows), else the numbers; and the probabilities.
 */
async function answerColumns(
  engine: Engine,
  { contract }: StageProject,
  scored: Scored,
  classes: readonly string[],
): Promise<Map<string, Slice>> {
  const numbers =
    (values: Float64Array): Slice =>
    (from, to) => ({ kind: "number", values: values.slice(from, to) });
  const truth = [LABEL, numbers(scored.labels)] as const;
  if (predictsNumbers(contract.task)) return new Map([truth, ["prediction", numbers(scored.scores)]]);
  if (contract.data.roles.labels !== undefined) return severalColumns(scored, classes, numbers);
  const { decisions, columns } = classified(scored, classes.length);
  if (classes.length === 2) {
    const [, scores] = columns;
    const found = new Map<string, Slice>([truth, ["prediction", numbers(Float64Array.from(decisions))]]);
    return scores === undefined ? found : found.set("score", numbers(scores));
  }
  const kind = await labelKind(engine, contract.data.roles.label);
  const found = new Map<string, Slice>([["prediction", predicted(decisions, classes, kind)]]);
  for (const [place, name] of classes.entries()) {
    const scores = columns[place];
    if (scores !== undefined) found.set(`score_${name}`, numbers(scores));
  }
  return found;
}

/** Of several labels, for each by its name: 1 where it was decided on, else 0; and its probability. */
function severalColumns(
  scored: Scored,
  names: readonly string[],
  numbers: (values: Float64Array) => Slice,
): Map<string, Slice> {
  const { rows, decided, columns } = labelSetsOf(scored, names.length);
  const found = new Map<string, Slice>();
  for (const [label, name] of names.entries()) {
    const own = Float64Array.from(
      { length: rows },
      (_, row) => decided[row * names.length + label] as number,
    );
    found.set(`prediction_${name}`, numbers(own));
    const scores = columns[label];
    if (scores !== undefined) found.set(`score_${name}`, numbers(scores));
  }
  return found;
}

async function labelKind(engine: Engine, label: string): Promise<Column["kind"]> {
  const table = await engine.table(`SELECT ${quoteName(label)} AS label FROM prepared LIMIT 1`);
  return table.columns.get("label")?.kind ?? "text";
}

/** The class that was decided for, in the label's own kind: the two can be compared. */
function predicted(decisions: Int32Array, classes: readonly string[], kind: Column["kind"]): Slice {
  if (kind === "text") {
    return (from, to) => ({ kind: "text", codes: decisions.slice(from, to), words: classes });
  }
  const values = classes.map((name) => (kind === "boolean" ? Number(name === "true") : Number(name)));
  return (from, to) => ({
    kind,
    values: Float64Array.from(decisions.subarray(from, to), (decision) => values[decision] ?? Number.NaN),
  });
}

/** Every column is there, and none is two things. */
function requireKnown(
  project: StageProject,
  parts: readonly Part[],
  known: readonly string[],
  answers: readonly string[],
): void {
  const { label } = project.contract.data.roles;
  for (const { path, text, columns } of parts) {
    for (const name of columns) {
      const at = project.parsed.placeWithin(path, Math.max(0, text.indexOf(name)));
      const answer = answers.includes(name);
      if (answer && known.includes(name) && name !== label) {
        const message = `"${name}" is a column of the rows and what the model says, too; call the column otherwise in data.table`;
        throw new UserError(message, { at });
      }
      if (answer || known.includes(name)) continue;
      const meant = nearest(name, [...known, ...answers]);
      const hint = meant === undefined ? "" : `did you mean "${meant}"? `;
      const message = `unknown column "${name}"; ${hint}there are ${answers.join(", ")} and the columns of the rows`;
      throw new UserError(message, { at });
    }
  }
}

function amountsIn({ parsed }: StageProject, { path, amount }: Part, table: Table): Float64Array {
  try {
    const column = amount(table);
    if (column.kind === "number" || column.kind === "boolean") return column.values;
    throw new UserError(`it gives a ${column.kind}; what a row counts is a number`, {
      at: parsed.placeWithin(path, 0),
    });
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new UserError(error.message, { at: parsed.placeWithin(path, error.offset) });
  }
}
