import type { Contract } from "../config/contract.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import { type DataColumn, dataColumnsOf, OWN } from "./columns.ts";
import { crossings, sharedIds } from "./crossings.ts";
import { personalList } from "./personal.ts";
import { requireRoles, requireRows } from "./roles.ts";
import { forgetNames, nameRows } from "./row-names.ts";
import { keptRows } from "./row-steps.ts";
import { splitSql } from "./split.ts";
import { onBehalfOf, StepError } from "./step-error.ts";
import type { Finding } from "./warnings.ts";

/** What preparing rows needs of a contract. */
export type PrepareContract = Pick<Contract, "task" | "data" | "prepare" | "split">;

export interface Prepared {
  /** `rows` as they came, `removed_1_deduplicate` and so on, then `train`, `validation`, `holdout`, `embargo`. */
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}

/** The relation that `prepareRows` makes. */
const PREPARED = "prepared";
const SOURCE = "__source";

/**
 * Decides which rows there are and on which side of the split each stands: makes the table
 * `prepared` with `__row`, the data columns (personal ones treated), `__id` and `__split`.
 *
 * In order: personal columns, row steps, the row's name, the split. Nothing is learnt from values
 * here, so nothing can leak.
 *
 * @param from a relation whose rows `__row` counts; without it they are counted as they are scanned
 * @throws {UserError} on roles and conditions that do not fit, labels that are missing, empty sides
 */
export async function prepareRows(
  engine: Engine,
  contract: PrepareContract,
  from: string,
): Promise<Prepared> {
  const columns = await source(engine, contract, from);
  requireRoles(contract, columns);
  const [all = {}] = await engine.rows(`SELECT count(*) AS rows FROM ${SOURCE}`);
  const { kept, removed } = await keptRows(engine, SOURCE, columns, contract.prepare.rows);
  await requireRows(engine, kept, contract, columns);
  const distinct = contract.prepare.rows.some(
    (step) => "deduplicate" in step && step.deduplicate.ignore.length === 0,
  );
  const keys = await nameRows(engine, kept, contract, columns, distinct);
  const sides = await splitSql(engine, keys, contract.split);
  const names = columns.map(({ name }) => `s.${quoteName(name)}`).join(", ");
  await engine.run(`CREATE OR REPLACE TABLE ${PREPARED} AS
    SELECT s.__row, ${names}, d.__id, d.__split FROM ${SOURCE} AS s JOIN (${sides}) AS d USING (__row)`);
  await forgetNames(engine);
  const counts = { rows: Number(all.rows), ...removed, ...(await sideCounts(engine, contract)) };
  const findings = [
    ...emptyValidation(counts.validation, contract),
    ...(await sharedIds(engine, PREPARED, contract)),
    ...(await crossings(engine, PREPARED, columns, contract)),
  ];
  return { counts, findings };
}

/** A view of the rows with personal columns treated; its columns. */
async function source(engine: Engine, { data }: PrepareContract, from: string): Promise<DataColumn[]> {
  const all = await engine.columns(`SELECT * FROM ${quoteName(from)}`);
  const taken = all.find(({ name }) => name === "__id" || name === "__split");
  if (taken !== undefined) {
    throw new UserError(`the data have a column "${taken.name}", a name that is kept for us; rename it`);
  }
  const own = all.filter(({ name }) => !OWN.includes(name));
  const list = onBehalfOf(["data", "personal"], () => personalList(own, data.personal));
  const row = all.some(({ name }) => name === "__row") ? "CAST(__row AS BIGINT)" : "row_number() OVER ()";
  await engine.run(
    `CREATE OR REPLACE VIEW ${SOURCE} AS SELECT ${row} AS __row${list === "" ? "" : `, ${list}`} FROM ${quoteName(from)}`,
  );
  return dataColumnsOf(engine, SOURCE);
}

async function sideCounts(engine: Engine, { split }: PrepareContract) {
  const rows = await engine.rows(
    `SELECT __split AS side, count(*) AS rows FROM ${PREPARED} GROUP BY __split`,
  );
  const of = (side: string): number => Number(rows.find((row) => row.side === side)?.rows ?? 0);
  const [train, validation, holdout, embargo] = [of("train"), of("validation"), of("holdout"), of("embargo")];
  const all = `train ${train}, validation ${validation}, holdout ${holdout}${embargo > 0 ? `, embargo ${embargo}` : ""}`;
  if (train === 0) {
    throw new StepError(
      `split: no row is left to train on (${all}); lower split.holdout, or bring more rows`,
      ["split"],
    );
  }
  if (holdout === 0) {
    const why =
      split.holdout === 0 ? "give split.holdout a share" : "raise split.holdout, or bring more rows";
    throw new StepError(`split: the holdout is empty (${all}), so nothing can be evaluated; ${why}`, [
      "split",
    ]);
  }
  return { train, validation, holdout, embargo };
}

function emptyValidation(validation: number, { split }: PrepareContract): Finding[] {
  if (validation > 0 || split.validation === 0) return [];
  return [
    {
      title: "No validation rows",
      text: "The validation side of the split is empty, so nothing can be chosen on it. Bring more rows, or raise split.validation.",
    },
  ];
}
