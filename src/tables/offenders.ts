import type { Check } from "../core/measures/checks/check.ts";
import type { Engine } from "../ports/engine.ts";
import { numbered } from "./row-number.ts";

/** So many of the rows that break a check are named. */
const FIRST = 5;

/** The first rows that break a check: their numbers, counted from 1, and what stands in them. */
export interface Offenders {
  readonly rows: readonly number[];
  readonly values: readonly string[];
}

/** The first offenders of each check, found in one scan; checks that nothing breaks are `undefined`. */
export async function firstOffenders(
  engine: Engine,
  relation: string,
  checks: readonly (Check | undefined)[],
  showValues: boolean,
): Promise<(Offenders | undefined)[]> {
  const marks: string[] = [];
  const firsts: string[] = [];
  for (const [index, check] of checks.entries()) {
    if (check?.broken === undefined) continue;
    const mark = `"__broken ${index}"`;
    marks.push(`${check.broken} AS ${mark}`);
    const number = `CASE WHEN ${mark} THEN "__number" END`; // not FILTER: see countWhere
    firsts.push(`CAST(to_json(min(${number}, ${FIRST})) AS VARCHAR) AS "rows ${index}"`);
    if (!showValues || check.shown === undefined) continue;
    const shown = `"__shown ${index}"`;
    marks.push(`${check.shown} AS ${shown}`);
    firsts.push(`CAST(to_json(arg_min(${shown}, ${number}, ${FIRST})) AS VARCHAR) AS "values ${index}"`);
  }
  if (firsts.length === 0) return checks.map(() => undefined);
  const from = `(SELECT "__number", ${marks.join(", ")} FROM ${await numbered(engine, relation)})`;
  const some = checks.flatMap((check, index) => (check?.broken === undefined ? [] : [`"__broken ${index}"`]));
  const [row = {}] = await engine.rows(`SELECT ${firsts.join(", ")} FROM ${from} WHERE ${some.join(" OR ")}`);
  const list = (name: string): unknown[] => JSON.parse(String(row[name] ?? "[]")) ?? [];
  return checks.map((check, index) =>
    check?.broken === undefined
      ? undefined
      : { rows: list(`rows ${index}`).map(Number), values: list(`values ${index}`).map(String) },
  );
}
