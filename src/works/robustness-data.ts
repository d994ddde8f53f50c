import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Contract } from "../config/contract.ts";
import { decide } from "../core/drift/decide.ts";
import { histogramOf } from "../core/drift/histogram.ts";
import { columnOf, parseReference, type ReferenceColumn } from "../core/drift/reference.ts";
import { predictsNumbers } from "../core/measures/task.ts";
import type { Robustness } from "../core/report/sections/robustness.ts";
import { factsOf } from "../core/robustness/facts.ts";
import { codesOf, isSuspicious, toldOf } from "../core/robustness/leakage.ts";
import type { Column } from "../core/tables/column.ts";
import { lengthOf } from "../core/tables/expression/vectors.ts";
import { countWhere } from "../core/tables/sql/count-where.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import type { Engine } from "../ports/engine.ts";
import { dataColumnsOf } from "../tables/columns.ts";
import { REFERENCE } from "./features.ts";
import { driftSettings } from "./monitor-measure.ts";
import { targets } from "./score.ts";

/** Training rows in which single columns are held against the label. */
const MOST_ROWS = 20_000;
/** Columns that are looked at. */
const MOST_COLUMNS = 200;
/** Holdout rows that are counted into the histograms of training. */
const MOST_COUNTED = 100_000;
/** A column of so many different values names its rows. */
const IDENTIFIES = 0.99;
/** Numbers that count rows span no more times as many. */
const CLOSE = 4;
/** What counts as moved where no `monitor` of the contract says it. */
const DRIFT = { psi: 0.2, minRows: 50, falseIssues: 0.01 };

type Leakage = Robustness["leakage"];

/**
 * What could flatter the model: columns that tell the label alone, rows that stand on both sides of the
 * split, inputs from after the row's own time, and a holdout that is older than what was learnt from.
 *
 * @param inputs columns that enter the model; of a file of predictions they are not known
 */
export async function leakageOf(
  engine: Engine,
  contract: Contract,
  classes: readonly string[],
  inputs: readonly string[] | undefined,
): Promise<Leakage> {
  const { label, id, time, leaks, group, weight } = contract.data.roles;
  const own = new Set([label, id, time, group, weight, ...leaks]);
  const columns = (await dataColumnsOf(engine, "prepared")).map(({ name }) => name);
  const asked = (inputs ?? columns.filter((name) => !own.has(name)))
    .filter((name) => name !== label && columns.includes(name))
    .slice(0, MOST_COLUMNS);
  const wanted = [...new Set([label, ...asked])].map(quoteName).join(", ");
  const table = await engine.table(
    `SELECT ${wanted} FROM (SELECT * FROM prepared WHERE __split = 'train'
     ORDER BY md5('leakage ' || CAST(__id AS VARCHAR)), __row LIMIT ${MOST_ROWS}) ORDER BY __row`,
  );
  const [counted = {}] = await engine.rows("SELECT count(*) AS rows FROM prepared");
  const all = Number(counted.rows);
  const truth = table.columns.get(label);
  const values = truth === undefined ? new Float64Array(0) : targets(truth, contract, classes);
  const labels = { values, classes: predictsNumbers(contract.task) ? 0 : classes.length };
  const told = asked.flatMap((name): Leakage["columns"] => {
    const column = table.columns.get(name);
    const found = column && toldOf(column, labels);
    if (column === undefined || found === undefined) return [];
    const distinct = uniqueShare(column);
    const identifier = distinct >= IDENTIFIES && table.rows >= 30 && isName(column, all);
    return [{ column: name, ...found, distinct, suspicious: isSuspicious(found), identifier }];
  });
  return {
    rows: table.rows,
    columns: told.sort((a, b) => b.value - a.value || (a.column < b.column ? -1 : 1)),
    duplicates: await duplicatesOf(engine, contract, asked),
    ...(await timesOf(engine, contract, asked)),
  };
}

/** The share of the rows whose value no other row has. */
function uniqueShare(column: Column): number {
  const counts = new Map<number, number>();
  const codes = column.kind === "text" ? codesOf(column) : column.values;
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  const once = [...counts.values()].filter((count) => count === 1).length;
  return codes.length === 0 ? 0 : once / codes.length;
}

/** Texts name rows, and whole numbers that lie as close as if they were counted; measurements all differ anyway. */
function isName(column: Column, rows: number): boolean {
  if (column.kind === "text") return true;
  if (column.kind !== "number" || !column.values.every(Number.isInteger)) return false;
  const { least, most } = factsOf("", "number", column);
  return most - least < CLOSE * rows;
}

async function duplicatesOf(
  engine: Engine,
  { data }: Contract,
  inputs: readonly string[],
): Promise<Leakage["duplicates"]> {
  const list = inputs.length === 0 ? "" : inputs.map(quoteName).join(", ");
  const [row = {}] = await engine.rows(`
    WITH held AS (SELECT hash(${list || "__id"}) AS h, hash(${quoteName(data.roles.label)}) AS y, __split AS side FROM prepared),
      learnt AS (SELECT DISTINCT h FROM held WHERE side = 'train'),
      both_ AS (SELECT DISTINCT h, y FROM held WHERE side = 'train')
    SELECT count(*) AS "all", count(l.h) AS copies, count(b.h) AS same
    FROM (SELECT * FROM held WHERE side = 'holdout') AS o
      LEFT JOIN learnt AS l ON o.h = l.h LEFT JOIN both_ AS b ON o.h = b.h AND o.y = b.y`);
  return { rows: Number(row.copies), same_label: Number(row.same), of: Number(row.all) };
}

/** What lies after the time at which a row was to be known. */
async function timesOf(
  engine: Engine,
  { data }: Contract,
  inputs: readonly string[],
): Promise<Pick<Leakage, "later" | "older">> {
  const { time } = data.roles;
  if (time === undefined) return { later: [], older: null };
  const columns = await dataColumnsOf(engine, "prepared");
  const kind = columns.find(({ name }) => name === time)?.kind;
  if (kind === undefined) return { later: [], older: null };
  const at = quoteName(time);
  const times = columns.filter(
    (one) => one.kind === kind && kind === "time" && one.name !== time && inputs.includes(one.name),
  );
  const parts = times.map(({ name }, i) => `${countWhere(`${quoteName(name)} > ${at}`)} AS l${i}`);
  const [row = {}] = await engine.rows(
    `SELECT ${["count(*) AS rows", ...parts].join(", ")} FROM prepared WHERE __split = 'holdout'`,
  );
  const [older = {}] = await engine.rows(
    `SELECT count(*) FILTER (${at} < (SELECT max(${at}) FROM prepared WHERE __split = 'train')) AS rows, count(*) AS held
     FROM prepared WHERE __split = 'holdout'`,
  );
  const of = Number(row.rows);
  return {
    later: times.flatMap(({ name }, i) => {
      const rows = Number(row[`l${i}`]);
      return rows === 0 ? [] : [{ column: name, rows, of }];
    }),
    older: { rows: Number(older.rows), of: Number(older.held) },
  };
}

/** How the inputs of the holdout lie against those of training, told without a value of the data. */
export async function holdoutDrift(
  engine: Engine,
  folder: string,
  { monitor }: Contract,
): Promise<Robustness["drift"]> {
  const reference = parseReference(await readFile(join(folder, REFERENCE), "utf8"), REFERENCE);
  const there = new Set((await dataColumnsOf(engine, "prepared")).map(({ name }) => name));
  const asked = reference.columns.filter((column) => there.has(columnOf(column)));
  const names = [...new Set(asked.map(columnOf))];
  const table =
    names.length === 0
      ? undefined
      : await engine.table(
          `SELECT ${names.map(quoteName).join(", ")} FROM prepared WHERE __split = 'holdout'
           ORDER BY md5('drift ' || CAST(__id AS VARCHAR)), __row LIMIT ${MOST_COUNTED}`,
        );
  const counted = asked.flatMap((one) => {
    const column = table?.columns.get(columnOf(one));
    return column === undefined ? [] : [countedColumn(one, column)];
  });
  const { verdict, why, columns } = decide(counted, monitor === undefined ? DRIFT : driftSettings(monitor));
  return {
    verdict,
    why,
    columns: columns.map(({ name, psi, threshold, moved, words }) => ({
      column: name,
      psi,
      threshold,
      moved,
      words,
    })),
  };
}

function countedColumn(reference: ReferenceColumn, column: Column) {
  const { cells, reference: before, cellOf } = histogramOf(reference);
  const current = cells.map(() => 0);
  for (let row = 0; row < lengthOf(column); row++) {
    const cell = cellOf(jsonOf(column, row));
    current[cell] = (current[cell] ?? 0) + 1;
  }
  return { name: reference.name, kind: reference.kind, cells, reference: before, current };
}

/** A value as a log of predictions has it. */
function jsonOf(column: Column, row: number): unknown {
  if (column.kind === "text") return column.words[column.codes[row] ?? -1] ?? null;
  const value = column.values[row] ?? Number.NaN;
  if (Number.isNaN(value)) return null;
  if (column.kind === "time") return new Date(value).toISOString();
  return column.kind === "boolean" ? value === 1 : Number.isFinite(value) ? value : "Infinity";
}
