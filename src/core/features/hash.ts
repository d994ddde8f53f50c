import * as z from "zod";
import { codesOf, type FeatureKind, fittedShape, type Spec } from "./feature-step.ts";

/** Categories hashed into so many columns. */
export interface HashSpec extends Spec {
  readonly width: number;
}

const fitted = z.object({ step: z.literal("hash"), ...fittedShape });

/**
 * Categories hashed into so many columns of 0 and 1: FNV-1a of the category's UTF-8 bytes, 32 bits,
 * modulo the width. Nothing is learnt, so a new category has its column too. Missing is all zeros.
 */
export default {
  name: "hash",
  accepts: ["text", "number", "boolean"],
  takesMissing: true,
  fitted,
  asks: () => ({}),
  fit: ({ column, width }) => ({
    step: "hash",
    column,
    outputs: Array.from({ length: width }, (_, i) => `${column}_hash_${i}`),
  }),
  apply({ outputs: { length: width } }, column) {
    return { kind: "hot", hot: Int32Array.from(codesOf(column, (word) => fnv1a(word) % width, -1)), width };
  },
} satisfies FeatureKind<HashSpec, z.output<typeof fitted>>;

/**
 * FNV-1a, 32 bits, of a text's UTF-8 bytes.
 *
 * Source: Fowler, Noll, Vo; test vectors in draft-eastlake-fnv.
 *
 * @example fnv1a("") // => 2166136261
 * @example fnv1a("foobar") // => 3214735720
 */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

const encoder = new TextEncoder();
