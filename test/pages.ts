import { readFileSync } from "node:fs";
import { globSync } from "tinyglobby";

/** All pages that people read. */
export const PAGES = ["README.md", "CONTRIBUTING.md", ...globSync("docs/**/*.md").sort()];

export interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

/** The fenced blocks of a page. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { language: string; lines: string[]; line: number } | undefined;
  for (const [index, line] of readFileSync(page, "utf8").split("\n").entries()) {
    const fence = /^```(\w*)/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === undefined) open = { language: fence[1] ?? "", lines: [], line: index + 1 };
    else {
      blocks.push({ language: open.language, text: open.lines.join("\n"), line: open.line });
      open = undefined;
    }
  }
  return blocks;
}
