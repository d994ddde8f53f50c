import { quoteName } from "./sql/quote.ts";

/** The part of a contract's roles that says what is to be learnt. */
export interface LabelRoles {
  /** The label's column; of several labels their names in one text, for messages alone. */
  readonly label: string;
  /** The columns of several labels, of which a row may carry any: 1 or true where it does. */
  readonly labels?: readonly string[] | undefined;
}

/**
 * The columns that hold the answer.
 *
 * @example labelColumns({ label: "rain, wind", labels: ["rain", "wind"] }) // => ["rain", "wind"]
 * @example labelColumns({ label: "wage" }) // => ["wage"]
 */
export const labelColumns = ({ label, labels }: LabelRoles): readonly string[] => labels ?? [label];

/**
 * The columns that know the answer: the label's, and those that are said to.
 *
 * @example answerColumns({ label: "left", leaks: ["left_at"] }) // => ["left", "left_at"]
 */
export const answerColumns = (
  roles: LabelRoles & { readonly leaks: readonly string[] },
): readonly string[] => [...labelColumns(roles), ...roles.leaks];

/**
 * A row's label as SQL: the column itself, or of several labels a text with 1 for each that the row carries and 0 for
 * each that it does not.
 *
 * @example labelSql({ label: "wage" }) // => '"wage"'
 */
export const labelSql = ({ label, labels }: LabelRoles): string =>
  labels === undefined
    ? quoteName(label)
    : labels.map((name) => `CAST(CAST(${quoteName(name)} AS TINYINT) AS VARCHAR)`).join(" || ");
