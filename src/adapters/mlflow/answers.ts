import * as z from "zod";
import type { TrackedMetric, TrackedRun } from "../../ports/tracking.ts";

/* What a tracking server answers, as far as it is read. Anything may be missing that protobuf leaves out. */

/** Protobuf writes 64-bit integers as text in some versions. */
const integer = z.union([z.number(), z.string().regex(/^-?\d{1,16}$/)]).transform(Number);
const number = z.union([
  z.number(),
  z.enum(["NaN", "Infinity", "-Infinity"]).transform(Number),
  z.null().transform(() => Number.NaN),
]);
const key = z.string().max(10_000);
const text = z.object({ key, value: z.string().default("") });

const metric = z
  .object({ key, value: number.default(0), timestamp: integer.default(0), step: integer.default(0) })
  .transform((one): TrackedMetric => ({ ...one, value: finite(one.value) }));

/** SQL has no infinity: the server keeps the largest double in its place. */
const finite = (value: number): number =>
  Math.abs(value) === Number.MAX_VALUE ? Math.sign(value) * Number.POSITIVE_INFINITY : value;

const run = z
  .object({
    info: z.object({
      run_id: z.string().regex(/^[\w-]{1,256}$/),
      run_name: z.string().default(""),
      status: z.enum(["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]).default("RUNNING"),
      start_time: integer.optional(),
      end_time: integer.optional(),
    }),
    data: z
      .object({
        metrics: z.array(metric).default([]),
        params: z.array(text).default([]),
        tags: z.array(text).default([]),
      })
      .default({ metrics: [], params: [], tags: [] }),
  })
  .transform(
    ({ info, data }): TrackedRun => ({
      id: info.run_id,
      name: info.run_name,
      status: info.status,
      start: info.start_time,
      end: info.end_time,
      ...data,
    }),
  );

/** What each question is answered with. */
export const ANSWERED = {
  nothing: z.looseObject({}),
  experiment: z.object({
    experiment: z.object({
      experiment_id: z.string().regex(/^[\w-]{1,64}$/),
      lifecycle_stage: z.string().default("active"),
    }),
  }),
  created: z.object({ experiment_id: z.string().regex(/^[\w-]{1,64}$/) }),
  run: z.object({ run }),
  runs: z.object({ runs: z.array(run).default([]), next_page_token: z.string().optional() }),
  history: z.object({ metrics: z.array(metric).default([]), next_page_token: z.string().optional() }),
} as const;
