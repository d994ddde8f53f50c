import { canonical } from "./canonical.ts";
import { digestOf, type Sha256 } from "./digest.ts";
import type { Ingredient, Json } from "./ingredient.ts";

/**
 * One digest of everything that can change what a stage makes. Two runs with one fingerprint make
 * the same; the order of the ingredients and their reasons do not matter.
 *
 * @param outputs paths of what it leaves: the same made elsewhere is not the same
 *
 * @example fingerprint("train", [], []) === fingerprint("train", [], []) // => true
 * @example fingerprint("train", [{ kind: "parameters", name: "seed", value: 7, reason: "" }], []) === fingerprint("train", [{ kind: "parameters", name: "seed", value: 8, reason: "" }], []) // => false
 */
export function fingerprint(
  stage: string,
  ingredients: readonly Ingredient[],
  outputs: readonly string[],
): Sha256 {
  const parts = ingredients.map((one) => canonical([one.kind, one.name, essence(one)])).sort();
  return digestOf(canonical({ stage, ingredients: parts, outputs: [...outputs].sort() })).sha256;
}

/** What of an ingredient must be the same: its sha256; its value, where it has no digest. */
export function essence({ sha256, md5, value }: Ingredient): Json {
  if (sha256 !== undefined) return { sha256 };
  return md5 === undefined ? { value: value ?? null } : { md5 };
}
