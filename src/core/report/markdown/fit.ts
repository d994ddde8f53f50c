import type { Block } from "./blocks.ts";

const BETWEEN = "\n\n";
/** Room for the note that names what was shortened. */
const NOTE = 600;

/**
 * Blocks as one text of at most `limit` characters (UTF-16 units and code points alike).
 *
 * While it is too long, the least important block that can still be shortened is: whole versions only,
 * so no table row, fence or fold is ever cut. What was shortened is said at the end.
 *
 * @example fit([{ title: "a", versions: ["a"] }, { title: "b", versions: ["b"] }], 1000) // => "a\n\nb\n"
 */
export function fit(blocks: readonly Block[], limit: number): string {
  const at = blocks.map(() => 0);
  const length = (index: number): number => {
    const text = blocks[index]?.versions[at[index] ?? 0] ?? "";
    return text === "" ? 0 : text.length + BETWEEN.length;
  };
  let total = blocks.reduce((sum, _, index) => sum + length(index), 1 + NOTE);
  while (total > limit) {
    const index = next(blocks, at);
    if (index === -1) break;
    total -= length(index);
    at[index] = (at[index] ?? 0) + 1;
    total += length(index);
  }
  const texts = blocks
    .map((block, index) => block.versions[at[index] ?? 0] ?? "")
    .filter((text) => text !== "");
  const short = blocks.filter((_, index) => at[index] !== 0).map(({ title }) => title);
  return `${[...texts, ...note(short)].join(BETWEEN)}\n`;
}

/** The least important block that has a shorter version left; -1 where none has. */
function next(blocks: readonly Block[], at: readonly number[]): number {
  let found = -1;
  let least = Infinity;
  for (const [index, { importance = Infinity, versions }] of blocks.entries()) {
    if (importance < least && (at[index] ?? 0) < versions.length - 1) {
      found = index;
      least = importance;
    }
  }
  return found;
}

function note(short: readonly string[]): string[] {
  if (short.length === 0) return [];
  const named = short.slice(0, 12).join(", ");
  const more = short.length > 12 ? ` and ${short.length - 12} more` : "";
  return [`_Shortened or left out to fit into a comment: ${named}${more}. \`report.html\` has all of it._`];
}
