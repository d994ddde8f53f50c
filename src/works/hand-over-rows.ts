import { join } from "node:path";
import type { Contract } from "../config/contract.ts";
import { UserError } from "../errors.ts";
import { runWorks } from "../pipeline/run.ts";
import type { Engine } from "../ports/engine.ts";
import { prepareRows } from "../tables/prepare.ts";
import { INGESTED } from "./ingest.ts";
import { PREPARED } from "./prepare.ts";
import type { StageProject } from "./project.ts";
import { withEngine } from "./with-engine.ts";
import { WORKS } from "./works.ts";

/** Which of the head's rows the base holds back. */
export interface HeldBack {
  /** How many of them the head would train or validate on. */
  readonly beyond: number;
  /** Why some of them may not have been told; undefined where all of them were. */
  readonly reason: string | undefined;
}

/**
 * Tells which of the head's rows the base branch holds back, so that no training sees their labels,
 * and writes them to a file: as a change may move the split, the head's own holdout is not enough.
 *
 * Where both read the same rows, a row is its number. Else it is what the base calls it: its id, or the
 * hash of its contents, which is of no use where the columns changed.
 *
 * @param head whose `prepare` was run
 * @param base undefined where the model is new, so that nothing is held back
 * @param path of the Parquet file to write, with the one column `__row`
 */
export async function heldByBase(
  head: StageProject,
  base: StageProject | undefined,
  path: string,
): Promise<HeldBack> {
  let missing: string | undefined;
  if (base === undefined) {
    return withEngine(head, async (engine) => {
      await engine.save(NONE, path);
      return { beyond: 0, reason: undefined };
    });
  }
  try {
    // forced, so that the rows lie there, which need not where the lock stands
    await runWorks(WORKS, base, { until: "prepare", force: ["prepare"], signal: base.ports.signal });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    missing = error.message;
  }
  return withEngine(head, async (engine) => {
    try {
      const select =
        missing === undefined
          ? await byItsRows(engine, head, base)
          : await byItsRules(engine, head, base.contract, missing);
      await engine.save(`SELECT DISTINCT __row FROM (${select.sql}) ORDER BY __row`, path);
      await engine.load("held", { paths: [path], format: "parquet" });
      await engine.load("own", { paths: [join(head.folder, PREPARED)], format: "parquet" });
      const [count = {}] = await engine.rows(
        "SELECT count(*) AS rows FROM held JOIN own USING (__row) WHERE own.__split IN ('train', 'validation')",
      );
      return { beyond: Number(count.rows), reason: select.reason };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      await engine.save(NONE, path);
      return { beyond: 0, reason: `the base's rules do not fit the rows of this change: ${error.message}` };
    }
  });
}

interface Select {
  /** Of `__row` of the head's rows. */
  readonly sql: string;
  readonly reason?: string;
}

/** By the rows that the base holds back now. */
async function byItsRows(engine: Engine, head: StageProject, base: StageProject): Promise<Select> {
  const ours = join(head.folder, INGESTED);
  const theirs = join(base.folder, INGESTED);
  await engine.load("base_prepared", { paths: [join(base.folder, PREPARED)], format: "parquet" });
  const held = "SELECT __row, __id FROM base_prepared WHERE __split = 'holdout'";
  const [a, b] = [await head.files.content(ours), await base.files.content(theirs)];
  if (a !== undefined && a.sha256 === b?.sha256) return { sql: `SELECT __row FROM (${held})` };

  await engine.load("ingested", { paths: [ours], format: "parquet" });
  await engine.load("base_ingested", { paths: [theirs], format: "parquet" });
  const name = nameOf(base.contract);
  if (name === HASH && (await namesOf(engine, "ingested")) !== (await namesOf(engine, "base_ingested"))) {
    return { sql: NONE, reason: "the columns changed, and rows are known by the hash of all of them" };
  }
  await prepareRows(engine, namingOf(base.contract), "ingested");
  const sql = `SELECT __row FROM prepared WHERE ${name} IN (SELECT ${name} FROM (${held}))`;
  const reason = (await queryOf(head)) === (await queryOf(base)) ? await noneOf(engine, sql, held) : QUERY;
  return reason === undefined ? { sql } : { sql, reason };
}

/** By the base's rules on the head's rows, where the base's own cannot be had: exact for a split by the id's hash. */
async function byItsRules(
  engine: Engine,
  head: StageProject,
  base: Contract,
  missing: string,
): Promise<Select> {
  await engine.load("ingested", { paths: [join(head.folder, INGESTED)], format: "parquet" });
  await prepareRows(engine, base, "ingested");
  const sql = `SELECT __row FROM prepared WHERE __split = 'holdout'`;
  const exact = base.split.by === "hash" && nameOf(base) === ID && base.data.roles.group === undefined;
  return exact ? { sql } : { sql, reason: `the base's own rows could not be read: ${missing}` };
}

/** A query can give every row another id, or bring it twice. */
const QUERY = "the query that makes the rows is another one (data.table)";

async function queryOf({ contract, files, folder }: StageProject): Promise<string | undefined> {
  const { table } = contract.data;
  return table?.endsWith(".sql") === true ? files.read(join(folder, table)) : undefined;
}

/** Where not one of them is found, the rows are known by other names now. */
async function noneOf(engine: Engine, sql: string, held: string): Promise<string | undefined> {
  const [count = {}] = await engine.rows(
    `SELECT (SELECT count(*) FROM (${sql})) AS found, (SELECT count(*) FROM (${held})) AS held`,
  );
  return Number(count.found) === 0 && Number(count.held) > 0
    ? "none of the rows that the base holds back is found among these by its id"
    : undefined;
}

const NONE = "SELECT 0::BIGINT AS __row WHERE false";
const ID = "__id";
const HASH = "left(__id, 32)"; // copies of a row have `-2` and so on behind it

const nameOf = ({ data }: Contract): string =>
  data.roles.id === undefined || data.roles.id === "row_hash" ? HASH : ID;

/** The base's names for all rows, whatever it would leave out: its split is read from its own rows. */
function namingOf(base: Contract): Contract {
  const { embargo: _, stratify: __, ...split } = base.split;
  return { ...base, prepare: { ...base.prepare, rows: [] }, split: { ...split, by: "hash" } };
}

async function namesOf(engine: Engine, relation: string): Promise<string> {
  const columns = await engine.columns(`SELECT * FROM ${relation}`);
  return JSON.stringify(columns.map(({ name, type }) => [name, type]).sort());
}
