import * as z from "zod";
import bucket, { type BucketSpec } from "./bucket.ts";
import date, { type DateSpec } from "./date.ts";
import type { FeatureKind, Spec } from "./feature-step.ts";
import hash, { type HashSpec } from "./hash.ts";
import keep from "./keep.ts";
import log from "./log.ts";
import missing from "./missing.ts";
import oneHot, { type OneHotSpec } from "./one-hot.ts";
import ordinal, { type OrdinalSpec } from "./ordinal.ts";
import scale, { type ScaleSpec } from "./scale.ts";

/** The feature steps, in the order of the contract's reference page. */
export const FEATURE_STEPS: ReadonlyMap<string, FeatureKind> = new Map<string, FeatureKind>(
  [keep, scale, oneHot, ordinal, bucket, hash, log, missing, date].map((kind) => [kind.name, kind]),
);

export type FeatureSpec = Spec | ScaleSpec | OneHotSpec | OrdinalSpec | BucketSpec | HashSpec | DateSpec;

/** What a recipe holds of its features. */
export const fittedFeature = z.discriminatedUnion("step", [
  keep.fitted,
  scale.fitted,
  oneHot.fitted,
  ordinal.fitted,
  bucket.fitted,
  hash.fitted,
  log.fitted,
  missing.fitted,
  date.fitted,
]);

export type FittedFeature = z.output<typeof fittedFeature>;
