/** An output of a lock as it is printed: its path, and the lines below that say what it holds. */
const OUTPUT = /^( *)- (?:md5: .*\n +)?path: (\S.*)\n(?:\1 {2}\S.*\n)*/gm;
/** Ways to write a path that are not how locks are printed. */
const ODD = /[{,[]\s*["']?path["']?\s*:|["']path["']\s*:|path\s*:\s*(?:["'|>&*!]|$)|path\s+:/m;

/**
 * Whether two texts of a lock say the same of all outputs at, below or around a path, as far as that can be
 * told without reading them: reading ten thousand locks takes a minute. Where it cannot, the answer is no.
 *
 * @param path below the lock's folder
 *
 * @example sameOutputs("outs:\n- path: a\n  md5: 1\n", "facts: 1\nouts:\n- path: a\n  md5: 1\n", "a") // => true
 * @example sameOutputs("outs:\n- path: a\n  md5: 1\n", "outs:\n- path: a\n  md5: 2\n", "a") // => false
 * @example sameOutputs("outs: [{path: a, md5: 1}]\n", "outs: [{path: a, md5: 1}]\n", "a") // => false
 */
export function sameOutputs(before: string, after: string, path: string): boolean {
  if (ODD.test(before) || ODD.test(after)) return false;
  const first = path.split("/")[0] ?? "";
  const outputs = (text: string): string =>
    [...`${text}\n`.matchAll(OUTPUT)]
      .filter(([, , named = ""]) => first === "" || named.split("/")[0] === first)
      .map(([block]) => block)
      .join("");
  return outputs(before) === outputs(after);
}
