import { htmlText } from "../escape.ts";
import { formatCount } from "../numbers.ts";
import { OUTCOMES, type Outcome } from "../outcome.ts";

/*
 * The few pieces that the page is put together from. Arguments called `html` and cells of tables are
 * markup and escaped already; everything else is text.
 */

/** More rows than this make a page that nobody scrolls. */
const ROWS = 300;

/** A column's heading. */
export interface Heading {
  readonly title: string;
  /** Numbers stand on the right. */
  readonly number?: true;
  /** Left out on a phone. */
  readonly optional?: true;
  /** The column's class, where it has one. */
  readonly kind?: "text";
}

/**
 * A table with a caption for screen readers; the first cell of each row heads it.
 *
 * @param cells makes a row's cells as markup; called only for the rows that are shown
 * @param most rows
 */
export function tableHtml<T>(
  caption: string,
  headings: readonly Heading[],
  items: readonly T[],
  cells: (item: T, index: number) => readonly string[],
  most: number = ROWS,
): string {
  const classOf = ({ number, optional, kind }: Heading): string => {
    const names = [
      ...(number ? ["num"] : []),
      ...(optional ? ["hide"] : []),
      ...(kind === undefined ? [] : [kind]),
    ];
    return names.length === 0 ? "" : ` class="${names.join(" ")}"`;
  };
  const head = headings.map(
    (heading) => `<th scope="col"${classOf(heading)}>${htmlText(heading.title)}</th>`,
  );
  const rows = items.slice(0, most).map((item, index) => {
    const row = cells(item, index).map((cell, column) => {
      const attributes = classOf(headings[column] ?? { title: "" });
      return column === 0 ? `<th scope="row"${attributes}>${cell}</th>` : `<td${attributes}>${cell}</td>`;
    });
    return `<tr>${row.join("")}</tr>`;
  });
  const more =
    items.length > most
      ? `<p class="note">The first ${formatCount(most)} of ${formatCount(items.length)}; report.json has all of them.</p>`
      : "";
  const name = htmlText(caption);
  return (
    `<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table><caption>${name}</caption>` +
    `<thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div>${more}`
  );
}

/** What only some want to see, to be unfolded. */
export function folded(summary: string, html: string): string {
  return `<details><summary>${htmlText(summary)}</summary>${html}</details>`;
}

/** One part of the page under a heading. Nothing where there is nothing to show. */
export function card(title: string, html: string, hint = ""): string {
  if (html === "") return "";
  const small = hint === "" ? "" : ` <small>${htmlText(hint)}</small>`;
  return `<section class="card"><h2>${htmlText(title)}${small}</h2>${html}</section>`;
}

/** A name from data or contract. */
export function codeHtml(text: string, limit?: number): string {
  const breakable = htmlText(text, limit).replace(/[_./](?=[^\W\d])/g, "$&<wbr>");
  return `<code>${breakable || "(empty)"}</code>`;
}

/** The class that gives an outcome its colour. */
export function toneOf(outcome: Outcome): string {
  if (outcome === "waived") return "warn";
  return outcome === "no gates" ? "none" : outcome;
}

/** An outcome as mark, colour and words together. */
export function tag(outcome: Outcome, words: string): string {
  return `<span class="tag ${toneOf(outcome)}">${mark(outcome)}${htmlText(words) || OUTCOMES[outcome].word}</span>`;
}

/** The mark alone; the word must stand beside it. */
export function mark(outcome: Outcome): string {
  return `<span class="mark" aria-hidden="true">${OUTCOMES[outcome].mark}</span>`;
}

/** A second, quieter line in a cell. */
export function sub(html: string): string {
  return html === "" ? "" : `<span class="sub">${twoLines(html)}</span>`;
}

/** An interval whose "roughly" has a line of its own: columns of numbers do not wrap, and stay narrow so. */
export function twoLines(interval: string): string {
  return interval.replace(/^roughly /, "roughly<br>");
}
