import { counted } from "../../../core/report/numbers.ts";
import type { Dialect } from "../../../core/tables/csv/dialect.ts";
import { unstopped } from "../../../core/text/trimmed-end.ts";
import { UserError } from "../../../errors.ts";
import { firstOddLineEnd } from "./line-ends.ts";

/** DuckDB's page of advice about a CSV file as one sentence with the line. */
export async function csvFailure(
  error: unknown,
  path: string,
  dialect: Dialect,
  encoding: string,
): Promise<unknown> {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const text = error.message;
  const line = Number(/CSV Error on Line: (\d+)/.exec(text)?.[1] ?? Number.NaN);
  const at = Number.isNaN(line) ? { file: path } : { file: path, line };
  const say = (message: string): UserError => new UserError(message, { at, cause: error });

  if (/unicode|not utf-8/i.test(text)) {
    return say("is not UTF-8; say how it is encoded, for example encoding: latin-1");
  }
  const odd =
    encoding === "utf-16" ? undefined : await firstOddLineEnd(path, dialect.quote).catch(() => undefined);
  if (odd !== undefined) {
    return new UserError(
      `ends in ${odd.found}, the lines before it in ${odd.expected}; make all line ends the same`,
      { at: { file: path, line: odd.line }, cause: error },
    );
  }
  const width = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(text);
  if (width !== null) {
    return say(
      `has ${Number(width[2]) > Number(width[1]) ? `more than ${width[1]} cells` : counted(Number(width[2]), "cell")} where there are ${width[1]} columns; correct the line, or say the delimiter (it was read with "${dialect.delimiter}")`,
    );
  }
  if (/quote/i.test(text)) {
    return say(
      `has a quote that is not closed, or text after one; write a cell as ${dialect.quote}…${dialect.quote}, and a quote inside it twice`,
    );
  }
  if (/line size|maximum line/i.test(text)) return say("is longer than 16 MB; is a quote left open?");
  if (/gzip|zlib|miniz/i.test(text)) return say("cannot be unpacked to its end; is it a whole gzip file?");
  if (/^(Invalid Input|IO|Conversion)/.test(text)) {
    return say(`cannot be read as CSV: ${unstopped(text.split("\n")[0] ?? "")}`);
  }
  return error;
}
