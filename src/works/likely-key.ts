import { quoteName } from "../core/tables/sql/quote.ts";
import { oneLine } from "../core/text/one-line.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import { loadFile } from "../tables/sources.ts";

/**
 * What to say where files are to be joined and nobody named the key: with the column that is one, where there is.
 *
 * @param used columns that mean something else
 */
export async function keyMissing(
  engine: Engine,
  files: { readonly candidate: string; readonly baseline: string; readonly folder: string },
  used: readonly string[],
): Promise<UserError> {
  await loadFile(engine, "baseline", files.baseline, files.folder);
  const found = await likelyKey(engine, used);
  const right =
    found === undefined
      ? "write a column into both files whose value is another in every row, and give --key COLUMN"
      : `give --key ${oneLine(found)}, which tells the rows of both apart`;
  return new UserError(
    `--key is missing: the column by which the rows of ${files.baseline} are those of ${files.candidate}; ${right}`,
    { exit: EXIT.usage },
  );
}

/** The first column that tells the rows of both relations apart and holds the same in both; one that is called a key before others. */
async function likelyKey(engine: Engine, used: readonly string[]): Promise<string | undefined> {
  const theirs = new Set((await engine.columns("SELECT * FROM baseline")).map(({ name }) => name));
  const columns = (await engine.columns("SELECT * FROM candidate"))
    .filter(({ name, type }) => theirs.has(name) && !used.includes(name) && !/DOUBLE|FLOAT/.test(type))
    .map(({ name }) => name)
    .sort((a, b) => Number(CALLED.test(b)) - Number(CALLED.test(a)))
    .slice(0, MOST_TRIED);
  for (const column of columns) {
    const key = `CAST(${quoteName(column)} AS VARCHAR)`;
    const [row = {}] = await engine.rows(
      `SELECT (SELECT count(*) = count(DISTINCT ${key}) FROM candidate)
          AND (SELECT count(*) = count(DISTINCT ${key}) FROM baseline)
          AND NOT EXISTS (SELECT ${key} FROM candidate EXCEPT SELECT ${key} FROM baseline)
          AND NOT EXISTS (SELECT ${key} FROM baseline EXCEPT SELECT ${key} FROM candidate) AS same`,
    );
    if (row.same === true) return column;
  }
  return undefined;
}

/** What a key is usually called. */
const CALLED = /^(id|key|uuid|index|row)$|[_ .-](id|key|uuid)$|[a-z]Id$/i;
/** Columns that are tried, each with a pass over both files. */
const MOST_TRIED = 50;
