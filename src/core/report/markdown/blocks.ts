import { markdownTable } from "markdown-table";
import { formatCount } from "../numbers.ts";

/** A block of Markdown in ever shorter versions, so that a comment can be made to fit. */
export interface Block {
  /** What is missing when it was shortened, for the note at the end. */
  readonly title: string;
  /** The lower goes first when room is short; blocks without it are never shortened. */
  readonly importance?: number;
  /** The fullest first. An empty text leaves the block out. */
  readonly versions: readonly string[];
}

/** One column: its heading and on which side its cells stand. */
export interface Heading {
  readonly title: string;
  readonly align: "left" | "right" | "center";
}

/** How many rows a table is shortened to, one version after the other. */
const ROWS = [200, 60, 20, 8, 3] as const;

/** A column of texts. */
export const left = (title: string): Heading => ({ title, align: "left" });
/** A column of numbers. */
export const right = (title: string): Heading => ({ title, align: "right" });

/** A table of cells that are already escaped. */
export function table(headings: readonly Heading[], rows: readonly (readonly string[])[]): string {
  return markdownTable([headings.map(({ title }) => title), ...rows], {
    align: headings.map(({ align }) => align),
    alignDelimiters: false, // padding to the longest name would cost more than the names
  });
}

/**
 * A table in ever shorter versions, each whole in itself and saying how many rows it shows.
 *
 * @param noun what a row is, in the plural: `groups`
 * @param cells makes a row's cells; called only for the rows that are shown
 */
export function tableVersions<T>(
  headings: readonly Heading[],
  items: readonly T[],
  noun: string,
  cells: (item: T) => readonly string[],
): string[] {
  const [most] = ROWS;
  const rows = items.slice(0, most).map(cells);
  const lengths = items.length <= most ? [items.length] : [];
  lengths.push(...ROWS.filter((length) => length < items.length));
  return lengths.map((length) => {
    const shown = table(headings, rows.slice(0, length));
    if (length === items.length) return shown;
    return `${shown}\n\nThe first ${formatCount(length)} of ${formatCount(items.length)} ${noun}; \`report.html\` has more.`;
  });
}

/**
 * Something to unfold. The summary is our own text: GitHub reads no Markdown there.
 *
 * @example details("More", "text") // => "<details>\n<summary>More</summary>\n\ntext\n\n</details>"
 */
export function details(summary: string, body: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/**
 * A part of the report to be unfolded, whose one line says what was found in it.
 *
 * @param finding markup that a summary may hold: {@link summaryCode} and {@link markdownText} make it
 */
export function foldBlock(
  title: string,
  importance: number,
  bodies: readonly string[],
  finding: string,
): Block {
  const summary = `<b>${title}</b>${finding === "" ? "" : ` · ${finding}`}`;
  return detailsBlock(title.toLowerCase(), importance, bodies, summary);
}

/** All versions of a body, each to be unfolded; at last it may be left out. */
export function detailsBlock(
  title: string,
  importance: number,
  bodies: readonly string[],
  summary: string = title,
): Block {
  return { title, importance, versions: [...bodies.map((body) => details(summary, body)), ""] };
}
