import { quoteName } from "../core/tables/sql/quote.ts";
import type { ColumnInfo, Engine, Row } from "../ports/engine.ts";

/** How a column's values spread: times as milliseconds. */
export interface Distribution {
  readonly distinct: number;
  readonly approximate: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly quartiles?: readonly number[];
  readonly top?: readonly { readonly value: string; readonly count: number }[];
}

/** Up to so many rows all answers are exact. */
const EXACT = 5_000_000;
/** Rows at the beginning that tell whether a column repeats itself. */
const SAMPLE = 8192;
/** The most frequent values that are named. */
const TOP = 20;
const QUARTILES = [0.25, 0.5, 0.75] as const;

/** The distribution of each column, by whichever of two ways is cheap for it. */
export async function distributionsOf(
  engine: Engine,
  relation: string,
  columns: readonly ColumnInfo[],
  rows: number,
): Promise<Distribution[]> {
  if (columns.length === 0) return [];
  const sizes = columns.map(({ name }, index) => `count(DISTINCT ${quoteName(name)}) AS "${index}"`);
  const [sample = {}] = await engine.rows(
    `SELECT ${sizes.join(", ")} FROM (FROM ${quoteName(relation)} LIMIT ${SAMPLE})`,
  );
  const found: Distribution[] = [];
  for (const [index, column] of columns.entries()) {
    const different = Number(sample[index] ?? 0);
    const repeats = different < Math.min(SAMPLE, rows) / 4 && (rows <= EXACT || different < SAMPLE / 100);
    // Times repeat within a day's rows and differ between days: the beginning tells little of them.
    const counting = repeats && column.kind !== "time";
    found.push(await (counting ? byCounting : bySorting)(engine, relation, column, rows));
  }
  return found;
}

/** The value as it is counted: a number without NaN and infinity, or a text. */
function valueSql({ name, type, kind }: ColumnInfo): string {
  const x = quoteName(name);
  if (kind === "boolean" || kind === "text") return `CAST(${x} AS VARCHAR)`;
  return /^(FLOAT|DOUBLE)$/.test(type) ? `(CASE WHEN isfinite(${x}) THEN ${x} END)` : x;
}

const scaleOf = ({ kind }: ColumnInfo): number => (kind === "time" ? 1000 : 1);

/** Each value with its count first: cheap where values repeat, and all else follows from the counts. */
async function byCounting(engine: Engine, relation: string, column: ColumnInfo): Promise<Distribution> {
  const counted = `counted AS (SELECT ${valueSql(column)} AS v, count(*) AS n FROM ${quoteName(relation)} GROUP BY 1)`;
  if (column.kind === "text" || column.kind === "boolean") {
    const [row = {}] = await engine.rows(
      `WITH ${counted}, present AS (SELECT * FROM counted WHERE v IS NOT NULL)
       SELECT (SELECT count(*) FROM present) AS distinct,
         (SELECT CAST(to_json(list({'value': v, 'count': n} ORDER BY n DESC, v)) AS VARCHAR)
          FROM (FROM present ORDER BY n DESC, v LIMIT ${TOP})) AS top`,
    );
    const top = JSON.parse(String(row.top ?? "[]")) as { value: string; count: number }[];
    return { distinct: Number(row.distinct ?? 0), approximate: false, top };
  }
  const ranks = QUARTILES.flatMap((share, index) => [
    `min(v) FILTER (upto > floor((total - 1) * ${share}e0)) AS low${index}`,
    `min(v) FILTER (upto > ceil((total - 1) * ${share}e0)) AS high${index}`,
  ]);
  const [row = {}] = await engine.rows(
    `WITH ${counted}, ranked AS (
       SELECT v, sum(n) OVER (ORDER BY v ROWS UNBOUNDED PRECEDING) AS upto FROM counted WHERE v IS NOT NULL),
       totals AS (SELECT sum(n) AS total FROM counted WHERE v IS NOT NULL)
     SELECT count(*) AS distinct, any_value(total) AS total, min(v) AS min, max(v) AS max, ${ranks.join(", ")}
     FROM ranked, totals`,
  );
  const total = Number(row.total ?? 0);
  const interpolated = QUARTILES.map((share, index) => {
    const [low, high] = [Number(row[`low${index}`]), Number(row[`high${index}`])];
    const rest = (total - 1) * share - Math.floor((total - 1) * share);
    return (low + (high - low) * rest) / scaleOf(column);
  });
  return {
    distinct: Number(row.distinct ?? 0),
    approximate: false,
    ...extremes(row, column),
    ...(total > 0 ? { quartiles: interpolated } : {}),
  };
}

/** Values as they are: for columns in which most of them differ. */
async function bySorting(
  engine: Engine,
  relation: string,
  column: ColumnInfo,
  rows: number,
): Promise<Distribution> {
  const isTime = column.kind === "time";
  const v = isTime ? `CAST(${quoteName(column.name)} AS TIMESTAMP)` : valueSql(column);
  const number = (sql: string): string => (isTime ? `epoch_us(${sql})` : sql);
  const approximate = rows > EXACT;
  const shares = `[${QUARTILES.join(", ")}]`;
  const quartiles = approximate
    ? `approx_quantile(${isTime ? v : `CAST(${v} AS DOUBLE)`}, ${shares})`
    : `quantile_cont(${isTime ? v : `CAST(${v} AS DOUBLE)`}, ${shares})`;
  const parts = [
    `${approximate ? `approx_count_distinct(${v})` : `count(DISTINCT ${v})`} AS distinct`,
    ...(column.kind === "number" || isTime
      ? [
          `${number(`min(${v})`)} AS min`,
          `${number(`max(${v})`)} AS max`,
          `CAST(to_json(list_transform(${quartiles}, lambda q: ${number("q")})) AS VARCHAR) AS quartiles`,
        ]
      : []),
  ];
  const [row = {}] = await engine.rows(`SELECT ${parts.join(", ")} FROM ${quoteName(relation)}`);
  const found = { distinct: Number(row.distinct ?? 0), approximate };
  if (row.min === null || row.min === undefined) return found;
  const values = (JSON.parse(String(row.quartiles)) as number[]).map((value) => value / scaleOf(column));
  return { ...found, ...extremes(row, column), quartiles: values };
}

function extremes(row: Row, column: ColumnInfo): { min?: number; max?: number } {
  if (row.min === null || row.min === undefined) return {};
  return { min: Number(row.min) / scaleOf(column), max: Number(row.max) / scaleOf(column) };
}
