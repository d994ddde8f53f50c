import type { Md5, Sha256 } from "./digest.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The sorts of things that can change what a stage makes, in the order in which a person asks for them. */
export const KINDS = ["data", "code", "environment", "parameters", "backend", "tool", "stage"] as const;
export type Kind = (typeof KINDS)[number];

/** One thing that can change what a stage makes. */
export interface Ingredient {
  readonly kind: Kind;
  /** A path for files, a dotted path for parameters: `features.0.scale`. */
  readonly name: string;
  readonly md5?: Md5;
  readonly sha256?: Sha256;
  readonly size?: number;
  /** In place of a digest, where the value itself is small. */
  readonly value?: Json;
  /** Why it matters, for a person. */
  readonly reason: string;
}
