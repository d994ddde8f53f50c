/*
 * Text of a fixed width: columns, wrapped lines, colour. Colour is added last, so that widths count
 * what is seen.
 */

/** The colours of a terminal that a report uses, as functions; the identity where there is no colour. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly blue: (text: string) => string;
}

/** ANSI's select-graphic-rendition codes, or nothing. */
export function paint(colour: boolean): Paint {
  const with_ =
    (on: number, off: number) =>
    (text: string): string =>
      colour && text !== "" ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return {
    bold: with_(1, 22),
    dim: with_(2, 22),
    red: with_(31, 39),
    green: with_(32, 39),
    yellow: with_(33, 39),
    blue: with_(34, 39),
  };
}

// Wide in a terminal: East Asian wide and fullwidth forms (UAX #11) and pictures.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const MARK = /\p{M}|\u200c|\u200d/u;

/**
 * How many cells of a terminal a text takes.
 *
 * @example cells("abc") // => 3
 * @example cells("漢字") // => 4
 */
export function cells(text: string): number {
  let width = 0;
  for (const character of text) width += MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/**
 * A text cut to so many cells, with … where something is missing.
 *
 * @example cut("abcdef", 4) // => "abc…"
 */
export function cut(text: string, width: number): string {
  if (cells(text) <= width) return text;
  let kept = "";
  for (const character of text) {
    if (cells(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/**
 * Lines of at most so many cells, broken between words; a longer word is broken where it must.
 *
 * @example wrap("one two three", 8) // => ["one two", "three"]
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    let rest = word;
    if (line !== "" && cells(line) + 1 + cells(rest) <= width) {
      line += ` ${rest}`;
      continue;
    }
    if (line !== "") lines.push(line);
    while (cells(rest) > width && width > 1) {
      const head = cut(rest, width + 1).slice(0, -1);
      if (head === "") break;
      lines.push(head);
      rest = rest.slice(head.length);
    }
    line = rest;
  }
  return [...lines, line];
}

/** One cell: its text, and how it is coloured once it has its width. */
export interface Cell {
  readonly text: string;
  readonly colour?: (text: string) => string;
  readonly align?: "right";
}

/**
 * Rows in aligned columns, two spaces apart, no line wider than asked.
 *
 * The widest column gives way first; a column that is told to stays whole.
 */
export function columns(rows: readonly (readonly Cell[])[], width: number, indent = 2): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    rows.reduce((widest, row) => Math.max(widest, cells(row[column]?.text ?? "")), 0),
  );
  const room = Math.max(count, width - indent - 2 * (count - 1));
  for (let total = widths.reduce((sum, one) => sum + one, 0); total > room; total -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = Math.max(1, (widths[widest] ?? 1) - 1);
  }
  return rows.map((row) => {
    const line = row.map(({ text, colour = (plain: string) => plain, align }, column) => {
      const shown = cut(text, widths[column] ?? 0);
      const padding = " ".repeat(Math.max(0, (widths[column] ?? 0) - cells(shown)));
      if (column === row.length - 1 && align !== "right") return colour(shown);
      return align === "right" ? padding + colour(shown) : colour(shown) + padding;
    });
    return " ".repeat(indent) + line.join("  ");
  });
}
