import type { Contract } from "../../config/contract.ts";
import { canonical } from "../artifacts/canonical.ts";
import { digestOf } from "../artifacts/digest.ts";
import type { Json } from "../artifacts/ingredient.ts";

/*
 * How often a holdout was looked at: one entry in the ledger for each model that was measured on it. Whoever
 * measures many models on one holdout finds one that fits it by luck.
 *
 *   looks/MODEL/HOLDOUT/BYTES.json     found by one `list`; the same look is the same file
 */

/** Digits of a digest that tell a model's holdouts, and its bytes, apart. */
const SHORT = 16;

/**
 * What a holdout is called: the digest of the rules by which it is drawn. New rows that the rules put on its side
 * belong to it; another share, seed, epoch or name of the rows draws another one.
 */
export function holdoutKey({ split, data }: Pick<Contract, "split" | "data">): string {
  const { validation: _, ...drawn } = split; // what validates is no part of it
  const { id, group, time, label } = data.roles;
  const by = {
    ...drawn,
    id: id ?? null,
    group: group ?? null,
    ...(split.by === "time" ? { time: time ?? null } : {}),
    ...(split.stratify === undefined ? {} : { label }),
  };
  return digestOf(canonical(by as unknown as Json)).sha256.slice(0, SHORT);
}

/**
 * The folder of the ledger whose entries are the looks at a model's holdout.
 *
 * @example looksFolder("Wages", "0123456789abcdef") // => "looks/wages/0123456789abcdef"
 */
export const looksFolder = (model: string, holdout: string): string =>
  `looks/${model.toLowerCase()}/${holdout}`;

/** The entry of one model that was measured: it says nothing of when and by whom, so that it is there once. */
export function lookFile(
  model: string,
  holdout: string,
  sha256: string,
): { readonly path: string; readonly text: string } {
  const entry = { schema: "trainyard/look/1", model, holdout, sha256 };
  return {
    path: `${looksFolder(model, holdout)}/${sha256.slice(0, SHORT)}.json`,
    text: `${JSON.stringify(entry, undefined, 2)}\n`,
  };
}

/**
 * How many different models were measured, by the entries' paths and the one that is measured now.
 *
 * @example countLooks(["looks/wages/a/0123456789abcdef.json", "looks/wages/a/x.txt"], "fedcba98765432100") // => 2
 * @example countLooks(["looks/wages/a/0123456789abcdef.json"], "0123456789abcdef77") // => 1
 */
export function countLooks(paths: readonly string[], sha256: string | undefined): number {
  const seen = new Set(paths.flatMap((path) => /\/([0-9a-f]{16})\.json$/.exec(path)?.[1] ?? []));
  if (sha256 !== undefined) seen.add(sha256.slice(0, SHORT));
  return seen.size;
}
