import type { Contract } from "../config/contract.ts";
import { numberSql } from "../core/tables/expression/index.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import { SEEDED_BELOW, seededNumber } from "./row-hash.ts";

export type Split = Contract["split"];

/**
 * A SELECT of `__row`, `__id` and `__split`: train, validation, holdout or embargo.
 *
 * @param keys a relation with a row for each of the data: `__row`, `__id`, `unit` (the group; where
 *   there is none the id, or the hash of the contents), `moment` (microseconds, newest of the unit;
 *   NULL unless by time), `stratum` (the label as text; NULL unless stratified)
 */
export async function splitSql(engine: Engine, keys: string, split: Split): Promise<string> {
  if (split.holdout + split.validation >= 1) {
    throw new UserError(
      `split: holdout ${percent(split.holdout)} and validation ${percent(split.validation)} leave nothing to train on; together they must stay below 100%`,
    );
  }
  if (split.embargo !== undefined && split.by !== "time") {
    throw new UserError(`split: an embargo belongs to \`by: time\`, not to \`by: ${split.by}\``);
  }
  switch (split.by) {
    case "hash":
      return byHash(keys, split);
    case "time":
      return byTime(engine, keys, split);
    case "random":
      return byRandom(keys, split);
  }
}

/** Without an epoch the seed alone: splits that were drawn before there were any stay as they are. */
const seedOf = ({ seed, epoch }: Split): number | string => (epoch === undefined ? seed : `${seed} ${epoch}`);

/** A unit's side depends on its name and the seed alone, so it stays when rows are added. */
function byHash(keys: string, split: Split): string {
  const { holdout, validation } = split;
  const place = `${seededNumber(seedOf(split), "unit")} / ${numberSql(SEEDED_BELOW)}`;
  return `SELECT __row, __id, CASE
      WHEN place < ${numberSql(holdout)} THEN 'holdout'
      WHEN place < ${numberSql(holdout + validation)} THEN 'validation'
      ELSE 'train' END AS __split
    FROM (SELECT __row, __id, ${place} AS place FROM ${keys})`;
}

/** Later than any moment: what has none comes last. */
const NEVER = "9223372036854775807";

/**
 * The newest rows are held out, the ones before them validate. Rows of one moment stay together; so
 * do groups, at the moment of their newest row. The embargo is left out before each border.
 */
async function byTime(engine: Engine, keys: string, split: Split): Promise<string> {
  const [count = {}] = await engine.rows(`SELECT count(*) AS rows FROM ${keys}`);
  const rows = Number(count.rows);
  const held = Math.round(rows * split.holdout);
  const validated = Math.round(rows * split.validation);
  // One sort for both: the oldest of those that validate, and the oldest of those that are held out.
  const [row = {}] = await engine.rows(
    `SELECT CAST(min(moment) AS VARCHAR) AS early, CAST(max(moment) AS VARCHAR) AS late FROM (
       SELECT coalesce(moment, ${NEVER}) AS moment FROM ${keys}
       ORDER BY moment LIMIT ${validated + 1} OFFSET ${rows - held - validated})`,
  );
  const late = held > 0 ? String(row.late) : NEVER;
  const early = held + validated > 0 ? String(row.early) : NEVER;
  const gap = (split.embargo ?? 0) * 1000;
  return `SELECT __row, __id, CASE
      WHEN moment >= ${late} THEN 'holdout'
      WHEN moment >= ${late} - ${gap} THEN 'embargo'
      WHEN moment >= ${early} THEN 'validation'
      WHEN moment >= ${early} - ${gap} THEN 'embargo'
      ELSE 'train' END AS __split
    FROM ${keys}`;
}

/** A seeded order of the units; in each stratum the first ones are held out, to the row. */
function byRandom(keys: string, split: Split): string {
  const { holdout, validation } = split;
  const order = seededNumber(seedOf(split), "unit");
  return `SELECT __row, __id, CASE
      WHEN before < round(${numberSql(holdout)} * size) THEN 'holdout'
      WHEN before < round(${numberSql(holdout + validation)} * size) THEN 'validation'
      ELSE 'train' END AS __split
    FROM (
      SELECT __row, __id, min(place) OVER (PARTITION BY stratum, unit) AS before, size
      FROM (
        SELECT __row, __id, unit, stratum, count(*) OVER (PARTITION BY stratum) AS size,
          row_number() OVER (PARTITION BY stratum ORDER BY chance, unit, __row) - 1 AS place
        FROM (SELECT *, ${order} AS chance FROM ${keys})
      )
    )`;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10}%`;
}
