import { EXIT, type Place, placeText, UserError } from "../errors.ts";

/** One thing that is wrong with a contract: where, and in words that say what is right. */
export interface Issue {
  readonly place: Place;
  readonly message: string;
}

/** More than these would bury the first; the rest is counted. */
const MOST_SHOWN = 50;

/**
 * Everything that is wrong with one contract, in the order of the file.
 *
 * The message has one line for each issue, as compilers print them, so that terminals and editors make
 * links of them. Exit code 2 when all of them stand on the command line (`--set`).
 */
export class ContractErrors extends UserError {
  override readonly name: string = "ContractErrors";
  readonly issues: readonly Issue[];

  constructor(found: readonly Issue[]) {
    const issues = inOrder(found);
    const lines = issues.slice(0, MOST_SHOWN).map(({ place, message }) => `${placeText(place)} ${message}`);
    if (issues.length > MOST_SHOWN) lines.push(`and ${issues.length - MOST_SHOWN} more`);
    const usage = issues.length > 0 && issues.every(({ place }) => place.file.startsWith("--set "));
    super(lines.join("\n"), { exit: usage ? EXIT.usage : EXIT.failed });
    this.issues = issues;
  }
}

/** Sorted by file, line and column, each said once. */
export function inOrder(issues: readonly Issue[]): readonly Issue[] {
  const files = [...new Set(issues.map(({ place }) => place.file))];
  const sorted = issues.toSorted(
    (a, b) =>
      files.indexOf(a.place.file) - files.indexOf(b.place.file) ||
      (a.place.line ?? 0) - (b.place.line ?? 0) ||
      (a.place.column ?? 0) - (b.place.column ?? 0),
  );
  const said = new Set<string>();
  return sorted.filter(({ place, message }) => {
    const line = `${placeText(place)} ${message}`;
    if (said.has(line)) return false;
    said.add(line);
    return true;
  });
}
