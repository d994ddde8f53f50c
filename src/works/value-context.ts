import type { Contract } from "../config/contract.ts";
import type { ValueContext } from "../core/measures/metrics/metric.ts";
import { naiveErrors } from "../core/measures/naive.ts";
import type { Scored } from "../core/measures/scored.ts";
import type { Column } from "../core/tables/column.ts";
import { quoteName, quoteText } from "../core/tables/sql/quote.ts";
import { textColumn } from "../core/tables/text-column.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import type { Side } from "./score.ts";

/** A side's answers with what rankings and forecasts are measured by: the rows' queries, and naive errors. */
export async function withContext(
  engine: Engine,
  contract: Contract,
  side: Side,
  scored: Scored,
): Promise<Scored> {
  const { task, data } = contract;
  if (task === "ranking" && data.roles.query !== undefined) {
    const column = await columnOf(engine, data.roles.query, `__split = ${quoteText(side)} ORDER BY __row`);
    return { ...scored, context: { ...scored.context, queries: queriesOf(column) } };
  }
  if (task !== "forecast") return scored;
  const scale = await scaleOf(engine, contract, side);
  const context: ValueContext = { ...scored.context, ...(scale === undefined ? {} : { scale }) };
  return { ...scored, context };
}

/**
 * The query of each row, counted from 0.
 *
 * @throws {UserError} where a row has none
 */
export function queriesOf(column: Column): Int32Array {
  const { codes } = textColumn(column);
  const lost = codes.filter((code) => code < 0).length;
  if (lost > 0) {
    throw new UserError(`${lost} of ${codes.length} rows have no query; leave these rows out or mend them`);
  }
  const numbers = new Map<number, number>();
  return codes.map((code) => {
    const known = numbers.get(code) ?? numbers.size;
    numbers.set(code, known);
    return known;
  });
}

async function columnOf(engine: Engine, name: string, where: string): Promise<Column> {
  const table = await engine.table(`SELECT ${quoteName(name)} AS own FROM prepared WHERE ${where}`);
  const column = table.columns.get("own");
  if (column === undefined) throw new UserError(`"${name}" is not among the prepared columns`);
  return column;
}

/** What the naive forecast of each row's series errs by on the training rows; NaN where it is not defined. */
async function scaleOf(engine: Engine, contract: Contract, side: Side): Promise<Float64Array | undefined> {
  const { label, time, series } = contract.data.roles;
  if (time === undefined) return undefined;
  const own = series === undefined ? "''" : quoteName(series);
  const moments = `SELECT count(*) AS rows FROM (SELECT 1 FROM prepared GROUP BY ${own}, ${quoteName(time)} HAVING count(*) > 1)`;
  const [twice = {}] = await engine.rows(moments);
  if (Number(twice.rows) > 0) {
    const which = series === undefined ? "name the series with data.roles.series" : `of a "${series}"`;
    throw new UserError(
      `several rows have the same "${time}", ${Number(twice.rows)} times over; a series has one row a moment: ${which}`,
    );
  }
  const read = (where: string) =>
    engine.table(
      `SELECT CAST(${own} AS VARCHAR) AS series, ${quoteName(label)} AS label FROM prepared WHERE ${where}`,
    );
  const taught = await read(`__split = 'train' ORDER BY 1, ${quoteName(time)}`);
  const asked = await read(`__split = ${quoteText(side)} ORDER BY __row`);
  const [values, names, wanted] = [
    taught.columns.get("label"),
    taught.columns.get("series"),
    asked.columns.get("series"),
  ];
  if (values === undefined || values.kind === "text" || names === undefined || wanted === undefined) {
    return undefined;
  }
  const known = textColumn(names);
  const errors = naiveErrors(known.codes, values.values, contract.evaluate.forecast?.season ?? 1);
  const byName = new Map(known.words.map((word, code) => [word, errors[code]]));
  const { codes, words } = textColumn(wanted);
  return Float64Array.from(codes, (code) => byName.get(words[code] ?? "") ?? Number.NaN);
}
