import * as z from "zod";
import { VERDICTS } from "../gates/verdict.ts";
import { md5, sha256 } from "./digest.ts";
import { type Json, KINDS } from "./ingredient.ts";
import { unsafePath } from "./path.ts";

/** What the first line of a lock says. */
export const LOCK_SCHEMA = "trainyard/lock/1";

const shortName = z.string().transform((text, context) => md5(text) ?? refuse(context, text, "an md5"));
const longName = z.string().transform((text, context) => sha256(text) ?? refuse(context, text, "a sha256"));
const count = z.number().int().nonnegative();
/** Infinities and NaN are numbers, too: a fact may be one. */
const anyNumber = z.custom<number>((value) => typeof value === "number", "is not a number");
const json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.string(), anyNumber, z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]),
);

/** One thing that went into a stage. */
export const lockedIngredient = z.strictObject({
  name: z.string(),
  kind: z.enum(KINDS),
  md5: shortName.optional(),
  sha256: longName.optional(),
  size: count.optional(),
  value: json.optional(),
  reason: z.string(),
});

const output = z.strictObject({
  path: z.string().refine((path) => unsafePath(path) === undefined, "is not a path below the lock's folder"),
  md5: shortName,
  sha256: longName,
  size: count,
  nfiles: count.optional(),
});

/** What stands below the name of a stage. */
export const lockedStage = z.strictObject({
  fingerprint: longName,
  in: z.array(lockedIngredient),
  out: z.array(output),
  verdict: z.enum(VERDICTS).optional(),
  facts: z.record(z.string(), json),
});

/** What stands in `trainyard.lock`. */
export const lockFile = z.strictObject({
  schema: z.literal(LOCK_SCHEMA),
  stages: z.record(z.string(), lockedStage),
});

function refuse(context: z.core.$RefinementCtx<string>, found: string, wanted: string): never {
  context.issues.push({ code: "custom", input: found, message: `"${found}" is not ${wanted}` });
  return z.NEVER;
}
