/*
 * Names that MLflow takes for parameters, metrics and tags: letters, digits, "_", "-", ".", " ", ":" and "/", at
 * most 250, and no path that reads in another way (mlflow/utils/validation.py).
 */

const LONGEST = 250;

/**
 * The name that MLflow takes for one of ours.
 *
 * @example mlflowName("hidden.0") // => "hidden.0"
 * @example mlflowName("demographic_parity_ratio by home country") // => "demographic_parity_ratio by home country"
 * @example mlflowName("a<b>/../c//d") // => "a_b_/__/c/d"
 * @example mlflowName("/") // => "_"
 */
export function mlflowName(name: string): string {
  const clean = name
    .replace(/[^\p{L}\p{N}_\-. :/]/gu, "_")
    .split("/")
    .filter((part) => part !== "")
    .map((part) => (/^\.+$/.test(part) ? part.replaceAll(".", "_") : part))
    .join("/");
  return [...clean].slice(0, LONGEST).join("").replace(/\/+$/, "") || "_";
}

/**
 * One name of MLflow's for each of ours; of two that would become the same the later gets a number.
 *
 * @example [...mlflowNames(["a<", "a>"])] // => [["a<", "a_"], ["a>", "a__2"]]
 */
export function mlflowNames(names: Iterable<string>): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const given = new Map<string, string>();
  for (const name of names) {
    if (given.has(name)) continue;
    const wanted = mlflowName(name);
    let free = wanted;
    for (let count = 2; taken.has(free); count++) free = `${wanted.slice(0, LONGEST - 8)}_${count}`;
    taken.add(free);
    given.set(name, free);
  }
  return given;
}
