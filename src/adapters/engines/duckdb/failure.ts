import { unstopped } from "../../../core/text/trimmed-end.ts";
import { UserError } from "../../../errors.ts";

/**
 * What DuckDB says about a statement of ours. Data that a conversion cannot take and a machine that
 * is too small are the user's to mend; all else is a bug of ours.
 */
export function statementFailure(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const [first = ""] = error.message.split("\n");
  if (/^Out of Memory Error/.test(first)) {
    return new UserError(`the machine's memory does not suffice: ${first}`, { cause: error });
  }
  if (/^(Conversion|Out of Range|IO) Error/.test(first)) {
    return new UserError(lower(first), { cause: error });
  }
  return error;
}

const lower = (text: string): string => unstopped(`${text.slice(0, 1).toLowerCase()}${text.slice(1)}`);
