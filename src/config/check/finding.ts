import type { Contract } from "../contract.ts";
import type { Path } from "../yaml/located.ts";

/** Something wrong with a contract that fits the schema. */
export interface Finding {
  /** The value it is about. */
  readonly path: Path;
  /** The character of that text which is wrong, from 0. */
  readonly offset?: number;
  readonly message: string;
}

/** One question that is asked of a contract without looking at data. */
export interface Check {
  /**
   * The keys it looks at, `[]` for the entries of a list. It is not asked where one of them could not be
   * read, as it would complain of what is not there.
   */
  readonly reads: readonly string[];
  readonly find: (contract: Contract) => Iterable<Finding>;
}

/** The names with their places in the contract, for roles that hold one column or several. */
export function* named(
  value: string | readonly string[] | undefined,
  path: Path,
): Iterable<{ column: string; path: Path }> {
  if (typeof value === "string") yield { column: value, path };
  else for (const [index, column] of (value ?? []).entries()) yield { column, path: [...path, index] };
}
