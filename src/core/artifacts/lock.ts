import type { Verdict } from "../gates/verdict.ts";
import type { Content, Sha256 } from "./digest.ts";
import type { Ingredient, Json } from "./ingredient.ts";

/** What a stage was made of and what it made. */
export interface StageLock {
  /** Over everything that went in; see `fingerprint`. */
  readonly fingerprint: Sha256;
  readonly in: readonly Ingredient[];
  readonly out: readonly (Content & { readonly path: string })[];
  readonly verdict?: Verdict;
  readonly facts: Readonly<Record<string, Json>>;
}

/** `trainyard.lock`: the stages by name, in the order in which they run. */
export type Lock = ReadonlyMap<string, StageLock>;
