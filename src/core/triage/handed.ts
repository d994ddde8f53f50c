import * as z from "zod";
import { UserError } from "../../errors.ts";
import type { Measurement } from "./measurement.ts";

/*
 * What goes from job to job while production is looked at: the machine that sees the prediction log has
 * neither a secret nor a token that writes, so that others bring it what it needs, and speak for it.
 */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "is not a sha256");
const served = z.strictObject({ sha256, version: z.string().max(100).nullable() }).nullable();
const environment = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/, "is not an environment");
const model = z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9_-]{0,98}[A-Za-z0-9])?$/, "is not a model's name");
const score = z.number().nullable();
const share = z.number().min(0).max(1);

/** `approved.json`, beside `MODEL.json`, the reference of each model that has one. */
const approved = z.strictObject({
  schema: z.literal("trainyard/approved/1"),
  models: z
    .array(
      z.strictObject({ model, environment, served, source: z.string().max(500), reference: z.boolean() }),
    )
    .max(1000),
});

/** `measured.json` */
const measured = z.strictObject({
  schema: z.literal("trainyard/measured/1"),
  measurements: z
    .array(
      z.strictObject({
        model,
        environment,
        at: z.iso.datetime(),
        window: z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime() }),
        served,
        rows: z.number().int().nonnegative(),
        verdict: z.enum(["moved", "quiet", "not enough data"]),
        why: z.string().max(1000).nullable(),
        columns: z
          .array(
            z.object({
              name: z.string().max(500),
              kind: z.enum(["number", "category"]),
              psi: score,
              js: score,
              threshold: score,
              moved: z.boolean(),
              words: z.string().max(1000).default(""),
              bins: z
                .array(z.strictObject({ label: z.string().max(1000), reference: share, seen: share }))
                .max(2000),
            }),
          )
          .max(5000),
        notes: z.array(z.string().max(2000)).max(200),
      }),
    )
    .max(1000),
});

export type ApprovedFile = z.output<typeof approved>;

/**
 * @throws {UserError} where it has another shape
 *
 * @example parseApproved("{}") // throws "approved.json is not what was handed over"
 */
export const parseApproved = (text: string | undefined): ApprovedFile =>
  parsed(approved, text, "approved.json");

/**
 * @throws {UserError} where it has another shape
 *
 * @example parseMeasured('{"schema": "trainyard/measured/1", "measurements": []}') // => []
 */
export const parseMeasured = (text: string | undefined): readonly Measurement[] =>
  parsed(measured, text, "measured.json").measurements;

function parsed<S extends z.ZodType>(schema: S, text: string | undefined, file: string): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    value = undefined;
  }
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  const [issue] = error.issues;
  throw new UserError(
    `${file} is not what was handed over: ${issue?.path.join(".") || "it"} ${issue?.message ?? "is wrong"}`,
  );
}
