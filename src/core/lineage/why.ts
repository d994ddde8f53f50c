import type { Ingredient, Kind } from "../artifacts/ingredient.ts";
import type { DeploymentRecord } from "../deployments/documents.ts";
import type { VerdictRecord } from "../proposal/documents.ts";

/** A number that was measured, with its interval where that is still to be had. */
export interface Measured {
  readonly name: string;
  readonly value: number | null;
  readonly interval: { readonly low: number; readonly high: number; readonly confidence: number } | null;
}

/** Who looked at a pull request. */
export interface ReviewedPull {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly author: string;
  readonly approvedBy: readonly string[];
}

/** All that is known of how a model came to be, and of who let it pass. */
export interface Why {
  readonly model: string;
  readonly md5: string | undefined;
  readonly sha256: string | undefined;
  readonly size: number | undefined;
  readonly nfiles: number | undefined;
  /** How these bytes were found: `serves in production`, `wages@v1.2.0`. */
  readonly found: string;
  /** Versions that are registered for these bytes. */
  readonly versions: readonly { readonly tag: string; readonly by: string; readonly at: string }[];
  /** The commit that brought these bytes; undefined where no commit names them. */
  readonly commit:
    | { readonly id: string; readonly author: string; readonly at: string; readonly subject: string }
    | undefined;
  /** What went in, each thing once. */
  readonly ingredients: readonly Ingredient[];
  readonly fingerprint: string | undefined;
  readonly metrics: readonly Measured[];
  readonly gates: readonly { readonly condition: string; readonly verdict: string }[];
  /** Verdicts on these bytes, the newest first; undefined where the ledger was not asked. */
  readonly records: readonly VerdictRecord[] | undefined;
  /** Where these bytes went, the newest first. */
  readonly deployments: readonly DeploymentRecord[];
  readonly pulls: readonly ReviewedPull[];
  /** What whoever reads this must know, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Whether a verdict of ours let these bytes pass: the only thing that makes a digest more than somebody's word.
 *
 * @example isVouched({ records: [] }) // => false
 * @example isVouched({ records: undefined }) // => undefined
 */
export const isVouched = ({ records }: Pick<Why, "records">): boolean | undefined =>
  records?.some(({ verdict }) => verdict !== "fail");

/** Ingredients of some kinds; seeds are parameters that a person asks for by themselves. */
export const ofKind = (
  { ingredients }: Pick<Why, "ingredients">,
  ...kinds: readonly Kind[]
): readonly Ingredient[] => ingredients.filter(({ kind }) => kinds.includes(kind));

/**
 * Whether a parameter is the seed of something random.
 *
 * @example isSeed({ kind: "parameters", name: "train.seed" }) // => true
 * @example isSeed({ kind: "data", name: "data/seed" }) // => false
 */
export const isSeed = ({ kind, name }: Pick<Ingredient, "kind" | "name">): boolean =>
  kind === "parameters" && /(^|\.)seed$/.test(name);
