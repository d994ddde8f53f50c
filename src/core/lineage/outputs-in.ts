/** An output of a lock as it is printed: its path, and the lines below that say what it holds. */
const OUTPUT = /^( *)- (?:md5: .*\n +)?path: (\S.*)\n(?:\1 {2}\S.*\n)*/gm;
/** Ways to write a path that are not how locks are printed. */
const ODD = /[{,[]\s*["']?path["']?\s*:|["']path["']\s*:|path\s*:\s*(?:["'|>&*!]|$)|path\s+:/m;

/**
 * What the text of a lock says of all outputs at, below or around a path, as far as that can be told without
 * reading it: reading ten thousand locks takes a minute. Where two texts say the same, nothing changed; where
 * it cannot be told, the answer is undefined.
 *
 * @param path below the lock's folder
 *
 * @example outputsIn("facts: 1\nouts:\n- path: a\n  md5: 1\n", "a") // => "- path: a\n  md5: 1\n"
 * @example outputsIn("outs:\n- path: a\n  md5: 1\n", "b") // => ""
 * @example outputsIn("outs: [{path: a, md5: 1}]\n", "a") // => undefined
 */
export function outputsIn(text: string, path: string): string | undefined {
  if (ODD.test(text)) return undefined;
  const first = path.split("/")[0] ?? "";
  return [...`${text}\n`.matchAll(OUTPUT)]
    .filter(([, , named = ""]) => first === "" || named.split("/")[0] === first)
    .map(([block]) => block)
    .join("");
}
