import { judgeCheck } from "../core/gates/judge-check.ts";
import type { Aggregates, Check, CheckedColumn, Measurement, Unfit } from "../core/measures/checks/check.ts";
import { checksOf, type Expectation } from "../core/measures/checks/expectation.ts";
import { explain } from "../core/measures/checks/explain.ts";
import type { CheckRow } from "../core/report/report.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import type { Engine } from "../ports/engine.ts";
import { firstOffenders, type Offenders } from "./offenders.ts";
import { dataColumns } from "./row-number.ts";

export interface CheckOptions {
  /** Whether the rows may quote cells of the data. */
  readonly showValues: boolean;
  readonly now: Date;
  /** Where the expectation of this index stands in the contract. */
  readonly place?: (index: number) => number | undefined;
  /** Where a character of its condition stands, for a message: `trainyard.yaml:12:9`. */
  readonly within?: (index: number, offset: number) => string;
}

interface Asked {
  readonly check: Check | Unfit;
  readonly severity: "fail" | "warn";
  readonly line: number | null;
}

/**
 * Holds a table against expectations: one scan for all of them, and a second one for the numbers of
 * the first rows that break one.
 *
 * Rows are counted from 1 in the order of the source: by the column `__row` where there is one.
 */
export async function runChecks(
  engine: Engine,
  relation: string,
  expectations: readonly Expectation[],
  { showValues, now, place, within }: CheckOptions,
): Promise<CheckRow[]> {
  const columns = await dataColumns(engine, relation);
  const asked = expectations.flatMap((expectation, index): Asked[] =>
    checksOf(expectation, columns, now).map((check) => ({
      check:
        "unfit" in check && check.offset !== undefined && within !== undefined
          ? { ...check, unfit: `${within(index, check.offset)} ${check.unfit}` }
          : check,
      severity: expectation.severity,
      line: place?.(index) ?? null,
    })),
  );
  const ready = await withoutRefused(engine, relation, asked);
  const found = await aggregatesOf(
    engine,
    relation,
    ready.map(({ check }) => check),
  );
  const measured = ready.map(({ check }, index) =>
    "unfit" in check ? undefined : check.measure(found[index] ?? {}),
  );
  const offenders = await firstOffenders(
    engine,
    relation,
    ready.map(({ check }, index) => ("unfit" in check || !measured[index]?.count ? undefined : check)),
    showValues,
  );
  return ready.map((one, index) => rowOf(one, measured[index], offenders[index], showValues));
}

function rowOf(
  { check, severity, line }: Asked,
  measured: Measurement | undefined,
  offenders: Offenders | undefined,
  showValues: boolean,
): CheckRow {
  const about = { expectation: check.title, column: check.column, line };
  if ("unfit" in check || measured === undefined) {
    return {
      ...about,
      verdict: severity,
      count: null,
      rows: null,
      share: null,
      observed: null,
      row_numbers: [],
      values: [],
      explanation: "unfit" in check ? check.unfit : "it was not measured",
    };
  }
  const { count, rows, observed, seen } = measured;
  const shown = [observed, showValues ? seen : undefined].filter(
    (text) => text !== null && text !== undefined,
  );
  return {
    ...about,
    verdict: judgeCheck(measured, check.allow, severity),
    count,
    rows,
    share: count === null || rows === 0 ? null : count / rows,
    observed: shown.length === 0 ? null : shown.join(", "),
    row_numbers: [...(offenders?.rows ?? [])],
    values: showValues ? [...(offenders?.values ?? [])] : [],
    explanation: explain(measured, check.allow),
  };
}

/** The aggregates of all checks, in one scan. */
async function aggregatesOf(
  engine: Engine,
  relation: string,
  checks: readonly (Check | Unfit)[],
): Promise<Aggregates[]> {
  const parts = checks.flatMap((check, index) =>
    "unfit" in check
      ? []
      : Object.entries(check.aggregates).map(([name, sql]) => `${sql} AS ${quoteName(`${index}.${name}`)}`),
  );
  if (parts.length === 0) return checks.map(() => ({}));
  const [row = {}] = await engine.rows(`SELECT ${parts.join(", ")} FROM ${quoteName(relation)}`);
  return checks.map((check, index) =>
    "unfit" in check
      ? {}
      : Object.fromEntries(
          Object.keys(check.aggregates).map((name) => [name, row[`${index}.${name}`] ?? null]),
        ),
  );
}

/** Checks that the engine cannot even read, such as a pattern that is none, become findings of their own. */
async function withoutRefused(engine: Engine, relation: string, asked: readonly Asked[]): Promise<Asked[]> {
  const readable = async (checks: readonly (Check | Unfit)[]): Promise<string | undefined> => {
    const parts = checks.flatMap((check) => ("unfit" in check ? [] : Object.values(check.aggregates)));
    if (parts.length === 0) return undefined;
    try {
      await engine.columns(`SELECT ${parts.join(", ")} FROM ${quoteName(relation)}`);
      return undefined;
    } catch (error) {
      return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    }
  };
  if ((await readable(asked.map(({ check }) => check))) === undefined) return [...asked];
  return Promise.all(
    asked.map(async (one) => {
      const reason = await readable([one.check]);
      const { title, column } = one.check;
      return reason === undefined
        ? one
        : { ...one, check: { title, column, unfit: `it cannot be asked: ${reason}` } };
    }),
  );
}

export type { CheckedColumn, Expectation };
