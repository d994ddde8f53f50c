/**
 * Reads what a step wrote into `GITHUB_OUTPUT`, `GITHUB_ENV` or `GITHUB_STATE`: lines `name=value`, or
 * `name<<END`, the lines of the value, and `END`. Throws in GitHub's words where it is neither.
 *
 * @example readPairs("a=1\nb<<E\nx\ny\nE\n") // => [["a", "1"], ["b", "x\ny"]]
 */
export function readPairs(content: string): readonly (readonly [string, string])[] {
  const lines = content.split(/\r?\n/);
  const pairs: (readonly [string, string])[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (line === "") continue;
    const equals = line.indexOf("=");
    const block = line.indexOf("<<");
    if (block > 0 && (equals < 0 || block < equals)) {
      const end = lines.indexOf(line.slice(block + 2), i + 1);
      if (end < 0 || line.slice(block + 2) === "") {
        throw new Error(`Invalid value. Matching delimiter not found '${line.slice(block + 2)}'`);
      }
      pairs.push([line.slice(0, block), lines.slice(i + 1, end).join("\n")]);
      i = end;
    } else if (equals > 0) {
      pairs.push([line.slice(0, equals), line.slice(equals + 1)]);
    } else {
      throw new Error(`Invalid format '${line}'`);
    }
  }
  return pairs;
}
