import type { ColumnProfile, Profile, TopValue } from "../core/tables/profile.ts";
import { countWhere } from "../core/tables/sql/count-where.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import type { ColumnInfo, Engine, Row } from "../ports/engine.ts";
import { type Distribution, distributionsOf } from "./distribution.ts";
import { exactMomentsOf, type Moments } from "./moments.ts";
import { dataColumns } from "./row-number.ts";

export type { ColumnProfile, Profile, TopValue };

const FLOATING = /^(FLOAT|DOUBLE)$/;

/**
 * What each column of a relation holds. Exact up to 5 million rows; beyond them `distinct` and the
 * quartiles are estimates, and say so. Mean and deviation are exact always.
 */
export async function profile(engine: Engine, relation: string): Promise<Profile> {
  const columns = await dataColumns(engine, relation);
  const [counts = {}] = await engine.rows(
    `SELECT count(*) AS rows${columns.flatMap(countParts).join("")} FROM ${quoteName(relation)}`,
  );
  const rows = Number(counts.rows ?? 0);
  const numeric = columns.filter(({ kind }) => kind === "number" || kind === "boolean");
  const moments = await exactMomentsOf(
    engine,
    relation,
    numeric.map(({ name }) => name),
  );
  const byName = new Map(numeric.map(({ name }, index) => [name, moments[index]]));
  const distributions = await distributionsOf(engine, relation, columns, rows);
  return {
    schema: "trainyard/profile/1",
    rows,
    columns: columns.map((column, index) =>
      columnProfile(column, index, rows, counts, byName.get(column.name), distributions[index]),
    ),
  };
}

function countParts({ name, type }: ColumnInfo, index: number): string[] {
  const x = quoteName(name);
  return [
    `, count(${x}) AS "present ${index}"`,
    ...(FLOATING.test(type) ? [`, ${countWhere(`isnan(${x})`)} AS "nan ${index}"`] : []),
  ];
}

function columnProfile(
  { name, type, kind }: ColumnInfo,
  index: number,
  rows: number,
  counts: Row,
  moments: Moments | undefined,
  found: Distribution | undefined,
): ColumnProfile {
  const nan = Number(counts[`nan ${index}`] ?? 0);
  const count = Number(counts[`present ${index}`] ?? 0) - nan;
  const known = (value: number | undefined): number | null =>
    value === undefined || !Number.isFinite(value) ? null : value;
  const isTime = kind === "time";
  return {
    name,
    type,
    kind,
    count,
    missing: rows - count,
    nan,
    infinite: moments?.infinite ?? 0,
    distinct: found?.distinct ?? 0,
    approximate: found?.approximate ?? false,
    min: isTime ? iso(found?.min) : kind === "number" ? known(moments?.min) : null,
    max: isTime ? iso(found?.max) : kind === "number" ? known(moments?.max) : null,
    mean: known(moments?.mean),
    deviation: known(moments?.deviation),
    quartiles: quartilesOf(kind, found),
    top:
      found?.top?.map(
        ({ value, count: times }): TopValue => ({ value, count: times, share: times / count }),
      ) ?? null,
  };
}

function quartilesOf(kind: string, found: Distribution | undefined): (number | string)[] | null {
  const { quartiles } = found ?? {};
  if (quartiles === undefined || quartiles.length < 3) return null;
  return kind === "time" ? quartiles.map((time) => iso(time) ?? "") : [...quartiles];
}

const iso = (time: number | undefined): string | null =>
  time === undefined ? null : new Date(time).toISOString().replace(".000Z", "Z");
