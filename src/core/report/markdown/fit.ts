import type { Block } from "./blocks.ts";

const BETWEEN = "\n\n";
/** Room for the note that names what was shortened. */
const NOTE = 600;

/**
 * Blocks as one text of at most `limit` characters (UTF-16 units and code points alike).
 *
 * While it is too long, the least important block that can still be shortened is, and left out only where none
 * can: whole versions only, so no table row, fence or fold is ever cut. What was shortened is said at the end.
 *
 * @param page where all of it stands, as Markdown: a link, or the file's name
 * @example fit([{ title: "a", versions: ["a"] }, { title: "b", versions: ["b"] }], 1000) // => "a\n\nb\n"
 */
export function fit(blocks: readonly Block[], limit: number, page = "`report.html`"): string {
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
  const short = [...new Set(blocks.filter((_, index) => at[index] !== 0).map(({ title }) => title))];
  return `${[...texts, ...note(short, page)].join(BETWEEN)}\n`;
}

/** The least important block that has a shorter version left, and one to leave out only where none has; else -1. */
function next(blocks: readonly Block[], at: readonly number[]): number {
  const shorter = least(blocks, (block, index) => (block.versions[(at[index] ?? 0) + 1] ?? "") !== "");
  if (shorter !== -1) return shorter;
  return least(blocks, ({ versions }, index) => (at[index] ?? 0) < versions.length - 1);
}

function least(blocks: readonly Block[], can: (block: Block, index: number) => boolean): number {
  let found = -1;
  let lowest = Infinity;
  for (const [index, block] of blocks.entries()) {
    const { importance = Infinity } = block;
    if (importance < lowest && can(block, index)) {
      found = index;
      lowest = importance;
    }
  }
  return found;
}

function note(short: readonly string[], page: string): string[] {
  if (short.length === 0) return [];
  const named = short.slice(0, 12).join(", ");
  const more = short.length > 12 ? ` and ${short.length - 12} more` : "";
  return [`_Shortened or left out to fit into a comment: ${named}${more}. ${page} has all of it._`];
}
