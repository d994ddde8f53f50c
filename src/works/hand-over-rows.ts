import { join } from "node:path";
import type { Contract } from "../config/contract.ts";
import { UserError } from "../errors.ts";
import { runWorks } from "../pipeline/run.ts";
import type { Engine } from "../ports/engine.ts";
import { prepareRows } from "../tables/prepare.ts";
import { INGESTED } from "./ingest.ts";
import { PREPARED } from "./prepare.ts";
import type { StageProject } from "./project.ts";
import { validate } from "./validate.ts";
import { withEngine } from "./with-engine.ts";
import { WORKS } from "./works.ts";

/** A contract of the base branch that holds rows back. */
export interface Holder {
  readonly project: StageProject;
  /** Whether the change chooses its rows by an answer: then which rows there are is not to be seen either. */
  readonly unseen: boolean;
  /** What is known where it is another model's, over the same data; absent for the change's own model. */
  readonly other?: {
    /** Whether what the change learns is an answer of its, by the column's name. */
    readonly taught: boolean;
    /** The base's contract of the change's own model, where the rows that it learns from are shown already. */
    readonly given: StageProject | undefined;
  };
}

/** Which of the head's rows the base holds back. */
export interface HeldBack {
  /** How many of them the head would train or validate on. */
  readonly beyond: number;
  /** For which other models some of these are held back, such as ` for "wages"`; empty where for none. */
  readonly whom: string;
  /** Whether any of them are not to be shown at all, not even without their labels. */
  readonly unseen: boolean;
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
 * @param holders the base's contracts that hold rows back from it; for none of them nothing is held back
 * @param path of the Parquet file to write: `__row`, and whether it is `unseen`
 */
export async function heldByBase(
  head: StageProject,
  holders: readonly Holder[],
  path: string,
): Promise<HeldBack> {
  const missing = new Map<StageProject, string | undefined>();
  for (const { project, other } of holders) {
    for (const one of [project, other?.given]) {
      if (one !== undefined && !missing.has(one)) missing.set(one, await prepared(one));
    }
  }
  return withEngine(head, async (engine) => {
    const reasons: string[] = [];
    const tables: string[] = [];
    for (const [nth, holder] of holders.entries()) {
      const table = `held_${nth}`;
      const reason = await holdRows(engine, head, holder, missing, table);
      const { model } = holder.project.contract;
      if (reason !== undefined)
        reasons.push(holder.other === undefined ? reason : `for "${model}", ${reason}`);
      tables.push(`SELECT __row, ${nth} AS nth, ${holder.unseen} AS unseen FROM ${table}`);
    }
    const held =
      tables.length === 0 ? `SELECT *, 0 AS nth, false AS unseen FROM (${NONE})` : tables.join(" UNION ALL ");
    await engine.save(
      `SELECT __row, bool_or(unseen) AS unseen FROM (${held}) GROUP BY __row ORDER BY __row`,
      path,
    );
    await engine.load("own", { paths: [join(head.folder, PREPARED)], format: "parquet" });
    const beyond = `(SELECT * FROM (${held}) JOIN own USING (__row) WHERE own.__split IN ('train', 'validation'))`;
    const [count = {}] = await engine.rows(`SELECT count(DISTINCT __row) AS rows FROM ${beyond}`);
    const of = await engine.rows(`SELECT DISTINCT nth FROM ${beyond} ORDER BY nth`);
    const names = of.flatMap(({ nth }) => {
      const holder = holders[Number(nth)];
      return holder?.other === undefined ? [] : [`"${holder.project.contract.model}"`];
    });
    return {
      beyond: Number(count.rows),
      unseen: holders.some(({ unseen }) => unseen),
      whom: names.length === 0 ? "" : ` for ${names.slice(0, MOST_NAMES).join(", ")}`,
      reason: reasons.length === 0 ? undefined : reasons.join("; "),
    };
  });
}

/** The same for who only counts them, and has no use for the file. */
export async function rowsHeld(head: StageProject, holders: readonly Holder[]): Promise<HeldBack> {
  const draft = await head.files.draft();
  try {
    return await heldByBase(head, holders, join(draft, "held.parquet"));
  } finally {
    await head.files.remove(draft);
  }
}

const MOST_NAMES = 3;

/**
 * Makes the rows of a contract of the base, whatever it expects of them.
 *
 * @returns why they cannot be had; undefined where they lie there
 */
async function prepared(base: StageProject): Promise<string | undefined> {
  const works = WORKS.map((work) => (work === validate ? { ...validate, stops: false } : work));
  try {
    // forced, so that the rows lie there, which need not where the lock stands
    await runWorks(works, base, { until: "prepare", force: ["prepare"], signal: base.ports.signal });
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message;
  }
}

/**
 * Makes the table of the rows that one contract holds back.
 *
 * @returns why they may not be all of them
 */
async function holdRows(
  engine: Engine,
  head: StageProject,
  { project, unseen, other }: Holder,
  missing: ReadonlyMap<StageProject, string | undefined>,
  table: string,
): Promise<string | undefined> {
  const lost = missing.get(project);
  try {
    // by the same rows a column is what its name says, and another label is nobody's answer
    const nothing =
      other?.taught === false && !unseen && lost === undefined && (await sameRows(head, project));
    const select: Select = nothing
      ? { sql: NONE }
      : lost === undefined
        ? await byItsRows(engine, head, project, HELD)
        : await byItsRules(engine, head, project.contract, lost);
    await engine.run(`CREATE OR REPLACE TABLE ${table} AS SELECT DISTINCT __row FROM (${select.sql})`);
    const given = other?.given;
    if (given !== undefined && missing.get(given) === undefined) {
      const shown = await byItsRows(engine, head, given, SHOWN);
      if (shown.reason === undefined) {
        await engine.run(
          `CREATE OR REPLACE TABLE ${table} AS SELECT __row FROM ${table} EXCEPT SELECT __row FROM (${shown.sql})`,
        );
      }
    }
    return select.reason;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await engine.run(`CREATE TABLE IF NOT EXISTS ${table} AS ${NONE}`);
    return `the base's rules do not fit the rows of this change: ${error.message}`;
  }
}

const HELD = "__split = 'holdout'";
const SHOWN = "__split IN ('train', 'validation')";

interface Select {
  /** Of `__row` of the head's rows. */
  readonly sql: string;
  readonly reason?: string;
}

/** By the rows that the base has on these sides of its split now. */
async function byItsRows(
  engine: Engine,
  head: StageProject,
  base: StageProject,
  sides: string,
): Promise<Select> {
  await engine.load("base_prepared", { paths: [join(base.folder, PREPARED)], format: "parquet" });
  const held = `SELECT __row, __id FROM base_prepared WHERE ${sides}`;
  if (await sameRows(head, base)) return { sql: `SELECT __row FROM (${held})` };

  await engine.load("ingested", { paths: [join(head.folder, INGESTED)], format: "parquet" });
  await engine.load("base_ingested", { paths: [join(base.folder, INGESTED)], format: "parquet" });
  const name = nameOf(base.contract);
  if (name === HASH && (await namesOf(engine, "ingested")) !== (await namesOf(engine, "base_ingested"))) {
    return { sql: NONE, reason: "the columns changed, and rows are known by the hash of all of them" };
  }
  await prepareRows(engine, namingOf(base.contract), "ingested");
  const sql = `SELECT __row FROM prepared WHERE ${name} IN (SELECT ${name} FROM (${held}))`;
  const reason = (await queryOf(head)) === (await queryOf(base)) ? await noneOf(engine, sql, held) : QUERY;
  return reason === undefined ? { sql } : { sql, reason };
}

async function sameRows(head: StageProject, base: StageProject): Promise<boolean> {
  const ours = await head.files.content(join(head.folder, INGESTED));
  const theirs = await base.files.content(join(base.folder, INGESTED));
  return ours !== undefined && ours.sha256 === theirs?.sha256;
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
  const sql = `SELECT __row FROM prepared WHERE ${HELD}`;
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
