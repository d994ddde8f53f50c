/*
 * The rules that decide stand in the base branch's contract, and an annotation stands on a line of the
 * head's: here the one is found in the other, by what the line says.
 */

/** The same contract on both sides; undefined where it is not there. */
export interface ContractTexts {
  readonly base: string | undefined;
  readonly head: string | undefined;
}

/** Longer files are not looked through for a line: no contract is. */
const LONGEST = 1_000_000;

/**
 * The line of the head's contract that says what a line of the base's says, the nearest of several;
 * undefined where it is gone.
 *
 * @param line counted from 1
 * @example sameLine({ base: "a\nb", head: "x\n\n  b" }, 2) // => 3
 * @example sameLine({ base: "a\nb", head: "a" }, 2) // => undefined
 * @example sameLine({ base: undefined, head: "a\nb" }, 2) // => 2
 */
export function sameLine({ base, head }: ContractTexts, line: number): number | undefined {
  const lines = linesOf(head);
  if (base === undefined) return line <= lines.length ? line : undefined;
  const wanted = linesOf(base)[line - 1]?.trim();
  if (wanted === undefined || wanted === "") return undefined;
  return nearest(lines, line, (text) => text.trim() === wanted);
}

/**
 * The line on which the head's contract says a gate's condition, whatever stands around it.
 *
 * @param near the line on which it stands in the base's, of which the nearest is taken
 * @example conditionLine("gates:\n  - gate: roc_auc  >= 0.8\n", "roc_auc >= 0.8", 1) // => 2
 * @example conditionLine("# roc_auc >= 0.8\n", "roc_auc >= 0.8", 1) // => undefined
 * @example conditionLine("- roc_auc >= 0.85\n", "roc_auc >= 0.8", 1) // => undefined
 */
export function conditionLine(head: string | undefined, condition: string, near: number): number | undefined {
  const wanted = spaced(condition);
  if (wanted === "") return undefined;
  return nearest(linesOf(head), near, (text) => {
    const said = spaced(text.replace(/(^|\s)#.*$/, ""));
    const at = said.indexOf(wanted);
    return at >= 0 && !/[\w.%]/.test(said.charAt(at + wanted.length)) && !/\w/.test(said.charAt(at - 1));
  });
}

function linesOf(text: string | undefined): readonly string[] {
  return text === undefined || text.length > LONGEST ? [] : text.split("\n");
}

const spaced = (text: string): string => text.trim().replace(/\s+/g, " ");

function nearest(
  lines: readonly string[],
  near: number,
  fits: (text: string) => boolean,
): number | undefined {
  let found: number | undefined;
  for (const [index, text] of lines.entries()) {
    const closer = found === undefined || Math.abs(index + 1 - near) < Math.abs(found - near);
    if (closer && fits(text)) found = index + 1;
  }
  return found;
}
