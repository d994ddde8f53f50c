import { pathText } from "./yaml/located.ts";

/*
 * What the contract will say in a later version: told apart from misspelled words, so that nobody
 * searches for a typing slip.
 */

const KEYS: ReadonlySet<string> = new Set(["tune"]);

const VALUES: Readonly<Record<string, readonly string[]>> = {
  "features.in": ["external"],
};

/**
 * What to say of a key or value that only a later version reads; `undefined` for all others.
 *
 * @example notYet(["tune"]) // => "\"tune\" is not supported yet by this version; take the key out"
 * @example notYet(["features", "in"], "external") // => "\"external\" is not supported yet by this version"
 */
export function notYet(path: readonly (string | number)[], value?: string): string | undefined {
  const where = pathText(path);
  if (value !== undefined) {
    return VALUES[where]?.includes(value) ? `"${value}" is not supported yet by this version` : undefined;
  }
  return KEYS.has(where) ? `"${where}" is not supported yet by this version; take the key out` : undefined;
}
