/**
 * The line by which a folder's `.gitignore` names one of its own entries, as DVC writes it.
 *
 * @example ignoreLine("cps.csv") // => "/cps.csv"
 * @example ignoreLine("a[1]*.csv") // => "/a\\[1\\]\\*.csv"
 */
export function ignoreLine(name: string): string {
  return `/${name.replace(/[[\]!*#?\\]/g, "\\$&").replace(/ $/, "\\ ")}`;
}

/**
 * A `.gitignore` with one more entry; as it was where the entry is there.
 *
 * @example withIgnored("*.log", "cps.csv") // => "*.log\n/cps.csv\n"
 * @example withIgnored("/cps.csv\n", "cps.csv") // => "/cps.csv\n"
 */
export function withIgnored(text: string, name: string): string {
  const line = ignoreLine(name);
  if (text.split(/\r?\n/).includes(line)) return text;
  const end = text === "" || text.endsWith("\n") ? "" : "\n";
  return `${text}${end}${line}\n`;
}

/**
 * A `.gitignore` without an entry; undefined where nothing is left of it, so that the file may go.
 *
 * @example withoutIgnored("*.log\n/cps.csv\n", "cps.csv") // => "*.log\n"
 * @example withoutIgnored("/cps.csv\n", "cps.csv") // => undefined
 */
export function withoutIgnored(text: string, name: string): string | undefined {
  const line = ignoreLine(name);
  const kept = text.split(/(?<=\n)/).filter((one) => one.trim() !== line.trim());
  const rest = kept.join("");
  return rest.trim() === "" ? undefined : rest;
}
