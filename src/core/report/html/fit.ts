/** A part of the page: what it is called in the contents, and its markup with tables of at most so many rows. */
export interface Part {
  /** Unique on the page; made of our own words. */
  readonly id: string;
  readonly title: string;
  /** Nothing where there is nothing to show. */
  readonly render: (rows: number) => string;
}

/** A part as it came out. */
export interface Fitted {
  readonly id: string;
  readonly title: string;
  readonly html: string;
}

/** How many rows a table is shortened to, one step after the other; then the part is left out. */
const ROWS = [300, 100, 30, 10, 3] as const;

/**
 * All parts, in at most so many bytes together. While it is too much, the largest is made with fewer rows, so
 * that whatever the input no part takes another's room; what had to go is counted.
 *
 * @param longest rows that a table is first made with; of many small pages, longer tables would be made to be
 *   thrown away
 * @example fitParts([{ id: "a", title: "A", render: (rows) => "x".repeat(rows) }], 50).parts[0].html.length // => 30
 */
export function fitParts(
  parts: readonly Part[],
  most: number,
  longest: number = ROWS[0],
): { readonly parts: readonly Fitted[]; readonly left: number } {
  const found = ROWS.findIndex((rows) => rows <= longest);
  const begin = found === -1 ? ROWS.length - 1 : found;
  const made = parts.map((part) => ({ part, step: begin, html: part.render(ROWS[begin] ?? 0), size: 0 }));
  for (const one of made) one.size = bytesOf(one.html);
  let total = made.reduce((sum, { size }) => sum + size, 0);
  while (total > most) {
    const largest = made.reduce((a, b) => (b.size > a.size ? b : a));
    const { render } = largest.part;
    const before = largest.size;
    for (largest.step += 1; largest.size >= before; largest.step += 1) {
      const rows = ROWS[largest.step];
      largest.html = rows === undefined ? "" : render(rows);
      largest.size = bytesOf(largest.html);
      if (rows === undefined || largest.size < before) break;
    }
    total += largest.size - before;
  }
  return {
    parts: made.map(({ part: { id, title }, html }) => ({ id, title, html })),
    left: made.filter(({ step, html }) => step > begin && html === "").length,
  };
}

const encoder = new TextEncoder();

/**
 * How long a text is as a file.
 *
 * @example bytesOf("é") // => 2
 */
export const bytesOf = (text: string): number => encoder.encode(text).length;
