/** How the cells of a CSV file are told apart. */
export interface Punctuation {
  readonly delimiter: string;
  readonly quote: string;
}

/**
 * The first records of a CSV text, cell by cell, with quotes taken off (RFC 4180).
 *
 * A record that the text breaks off in the middle of is left out, unless the text is `whole`. Line
 * ends may be \n, \r\n or \r. Empty lines are skipped.
 *
 * @example firstRecords('a,"b, c"\n1,2\n', { delimiter: ",", quote: '"' }, 2) // => [["a", "b, c"], ["1", "2"]]
 * @example firstRecords('a,"b\nc', { delimiter: ",", quote: '"' }, 2) // => []
 * @example firstRecords("a;b", { delimiter: ";", quote: '"' }, 1, true) // => [["a", "b"]]
 */
export function firstRecords(
  text: string,
  { delimiter, quote }: Punctuation,
  most: number,
  whole = false,
): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let cell = "";
  let quoted = false;
  const endRecord = (): void => {
    if (record.length > 0 || cell !== "") records.push([...record, cell]);
    [record, cell] = [[], ""];
  };
  for (let i = 0; i < text.length && records.length < most; i++) {
    const letter = text[i] as string;
    if (quoted) {
      if (letter !== quote) cell += letter;
      else if (text[i + 1] === quote) cell += text[++i];
      else quoted = false;
    } else if (letter === quote && cell === "") quoted = true;
    else if (letter === delimiter) {
      record.push(cell);
      cell = "";
    } else if (letter === "\n" || letter === "\r") endRecord();
    else cell += letter;
  }
  if (whole && !quoted && records.length < most) endRecord();
  return records;
}
