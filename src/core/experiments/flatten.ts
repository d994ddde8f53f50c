import type { Json } from "../artifacts/ingredient.ts";
import type { ParamValue } from "./record.ts";

/** Deeper and wider than any contract or parameter file of a person's. */
const DEEPEST = 20;
const MOST = 5000;

/**
 * Nested parameters as a flat table, as MLflow and `dvc exp show` have them; lists count from 0.
 *
 * @example flatten({ hidden: [32, 16], optimizer: { name: "adam" } }) // => { "hidden.0": 32, "hidden.1": 16, "optimizer.name": "adam" }
 * @example flatten({ none: [], empty: {} }) // => { none: "[]", empty: "{}" }
 * @example flatten({}) // => {}
 * @example flatten({ rate: Infinity }) // => { rate: "Infinity" }
 */
export function flatten(value: Json, prefix = ""): Record<string, ParamValue> {
  const flat = new Map<string, ParamValue>();
  const visit = (part: Json, name: string, depth: number): void => {
    if (flat.size >= MOST) return;
    if (part === null || typeof part !== "object") {
      flat.set(name, typeof part === "number" && !Number.isFinite(part) ? String(part) : part);
      return;
    }
    const entries = Object.entries(part);
    if (entries.length === 0 && name === "") return; // nothing at all
    if (entries.length === 0 || depth >= DEEPEST) flat.set(name, JSON.stringify(part));
    else for (const [key, inner] of entries) visit(inner, name === "" ? key : `${name}.${key}`, depth + 1);
  };
  visit(value, prefix, 0);
  return Object.fromEntries(flat);
}
