import { predictsNumbers } from "../core/measures/task.ts";
import { type LabelRoles, labelColumns } from "../core/tables/labels.ts";
import { countWhere } from "../core/tables/sql/count-where.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { nearest } from "../core/text/nearest.ts";
import type { ColumnInfo, Engine, Row } from "../ports/engine.ts";
import { duplicateShare } from "./duplicates.ts";
import { dataColumns } from "./row-number.ts";
import { severalFindings } from "./several-findings.ts";

/** Something about the data that nobody asked for and everybody should know. */
export interface Finding {
  readonly title: string;
  /** A sentence without cells of the data. */
  readonly text: string;
  /** True where nothing can be learnt from the data as they are: the caller stops. */
  readonly fatal?: boolean;
}

/** The part of a contract that says what the label is. */
export interface LabelRole {
  readonly task: string;
  readonly data: {
    readonly roles: LabelRoles & { readonly positive?: string | number | boolean | undefined };
  };
}

/** Columns that are named in one finding. */
const NAMED = 8;

/**
 * What is wrong with data though no expectation speaks of it: a label that cannot be learnt (fatal), and
 * columns that are empty, constant or hold NaN or infinity, and rows that stand twice.
 */
export async function findWarnings(
  engine: Engine,
  relation: string,
  contract: LabelRole,
): Promise<Finding[]> {
  const columns = await dataColumns(engine, relation);
  const parts = columns.flatMap(partsOf);
  const [counts = {}] = await engine.rows(
    `SELECT ${["count(*) AS rows", ...parts].join(", ")} FROM ${quoteName(relation)}`,
  );
  const rows = Number(counts.rows ?? 0);
  if (rows === 0) return [{ title: "No rows", text: "the data hold no rows", fatal: true }];
  const duplicates = await duplicateShare(engine, relation, columns, rows);
  return [
    ...(await labelFindings(engine, relation, contract, columns, counts)),
    ...columnFindings(columns, counts, rows, labelColumns(contract.data.roles)),
    ...(duplicates.share === 0
      ? []
      : [
          {
            title: "Rows that stand twice",
            text: `${duplicates.exact ? "" : "about "}${percent(duplicates.share)} of the rows repeat another in every column; prepare.rows can deduplicate them`,
          },
        ]),
  ];
}

const FLOATING = /^(FLOAT|DOUBLE)$/;

function partsOf({ name, type }: ColumnInfo, index: number): string[] {
  const x = quoteName(name);
  return [
    `count(${x}) AS "present ${index}"`,
    `min(${x}) IS NOT DISTINCT FROM max(${x}) AS "constant ${index}"`,
    ...(FLOATING.test(type)
      ? [
          `${countWhere(`isnan(${x})`)} AS "nan ${index}"`,
          `${countWhere(`isinf(${x})`)} AS "infinite ${index}"`,
        ]
      : []),
  ];
}

function columnFindings(
  columns: readonly ColumnInfo[],
  counts: Row,
  rows: number,
  labels: readonly string[],
): Finding[] {
  const where = (test: (index: number) => boolean): string[] =>
    columns.flatMap(({ name }, index) => (!labels.includes(name) && test(index) ? [name] : []));
  const of = (name: string, index: number): number => Number(counts[`${name} ${index}`] ?? 0);
  const empty = where((index) => of("present", index) === 0);
  const constant = where(
    (index) => of("present", index) > 0 && rows > 1 && counts[`constant ${index}`] === true,
  );
  const nan = where((index) => of("nan", index) > 0);
  const infinite = where((index) => of("infinite", index) > 0);
  return [
    ...finding("Columns without values", empty, "hold no value at all"),
    ...finding("Constant columns", constant, "hold one value in every row that has one, and tell nothing"),
    ...finding("NaN in numbers", nan, "hold NaN, which counts as missing"),
    ...finding("Infinite numbers", infinite, "hold infinite numbers, which no model takes"),
  ];
}

function finding(title: string, names: readonly string[], what: string): Finding[] {
  if (names.length === 0) return [];
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return [{ title, text: `${names.slice(0, NAMED).join(", ")}${more}: ${what}` }];
}

async function labelFindings(
  engine: Engine,
  relation: string,
  { task, data: { roles } }: LabelRole,
  columns: readonly ColumnInfo[],
  counts: Row,
): Promise<Finding[]> {
  if (roles.labels !== undefined) return severalFindings(roles.labels, columns, counts);
  const { label, positive } = roles;
  const index = columns.findIndex(({ name }) => name === label);
  const fatal = (title: string, text: string): Finding => ({ title, text, fatal: true });
  if (index < 0) {
    const meant = nearest(
      label,
      columns.map(({ name }) => name),
    );
    return [
      fatal(
        "No label",
        `there is no column "${label}"${meant === undefined ? "" : `; did you mean "${meant}"?`}`,
      ),
    ];
  }
  const rows = Number(counts.rows ?? 0);
  const lacking = rows - Number(counts[`present ${index}`] ?? 0) + Number(counts[`nan ${index}`] ?? 0);
  if (lacking === rows) return [fatal("No label", `the label "${label}" is missing in every row`)];
  const found: Finding[] = [];
  if (lacking > 0) {
    const text = `the label "${label}" is missing in ${lacking.toLocaleString("en-US")} of ${rows.toLocaleString("en-US")} rows; leave them out with prepare.rows, where: '${label} is not null'`;
    found.push(fatal("Rows without a label", text));
  }
  if (predictsNumbers(task)) {
    if (counts[`constant ${index}`] === true)
      found.push(fatal("A label that never varies", `the label "${label}" has one value in all rows`));
    return found;
  }
  const x = quoteName(label);
  const equals =
    positive === undefined
      ? "TRUE"
      : `lower(CAST(${x} AS VARCHAR)) = lower('${String(positive).replaceAll("'", "''")}')`;
  const [row = {}] = await engine.rows(
    `SELECT count(DISTINCT ${x}) AS classes, count(*) FILTER (${equals}) AS positives FROM ${quoteName(relation)}`,
  );
  const classes = Number(row.classes ?? 0);
  if (classes === 1)
    found.push(
      fatal(
        "A label of one class",
        `the label "${label}" has one class in all rows; there is nothing to tell apart`,
      ),
    );
  else if (task === "binary-classification" && classes > 2) {
    found.push(
      fatal("A label of many classes", `the label "${label}" has ${classes} classes where the task has two`),
    );
  }
  if (positive !== undefined && Number(row.positives ?? 0) === 0) {
    found.push(
      fatal(
        "No positive rows",
        `no row has the label "${label}" = ${positive}, which the contract calls positive`,
      ),
    );
  }
  return found;
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(2))}%`;
