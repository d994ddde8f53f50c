import * as z from "zod";

/*
 * What is kept in the ledger of each look at production. The next look knows from these records, and
 * from nothing that anybody could have written into an issue, whether a trouble is new.
 */

/** What became of the issue. */
export const DONE = [
  "opened",
  "updated",
  "reopened",
  "closed",
  /** Somebody closed it, and the same trouble is no reason to speak again. */
  "respected",
  /** Somebody reopened it after the trouble was gone. */
  "kept open",
  /** Nobody may write there. */
  "locked",
] as const;

const number = z.number().nullable();

/** `monitor/MODEL/ENVIRONMENT/TIME-RUN.json` in the ledger. Names of columns, and no value of any. */
export const monitorRecord = z
  .strictObject({
    schema: z.literal("trainyard/monitored/1"),
    model: z.string().max(100),
    folder: z.string().max(500),
    environment: z.string().max(50),
    at: z.iso.datetime(),
    window: z.strictObject({ from: z.string().max(40), to: z.string().max(40) }),
    served: z
      .strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), version: z.string().max(100).nullable() })
      .nullable(),
    rows: z.number().int().nonnegative(),
    verdict: z.enum(["moved", "quiet", "not enough data"]),
    why: z.string().max(1000).nullable(),
    columns: z
      .array(
        z.strictObject({
          name: z.string().max(500),
          psi: number,
          js: number,
          threshold: number,
          moved: z.boolean(),
        }),
      )
      .max(5000),
    issue: z.strictObject({ number: z.number().int(), did: z.enum(DONE) }).nullable(),
    /** When a retraining was started for the trouble that this look found; null where none was. */
    retrained: z.string().max(40).nullable().default(null),
    /** How often it is to be looked at, and since when nobody had looked. */
    every: z.enum(["hourly", "daily", "weekly"]),
    before: z.string().max(40).nullable(),
    run: z.string().max(500).nullable(),
    tool: z.string().max(100),
  })
  .meta({ title: "Trainyard monitoring" });

export type MonitorRecord = z.output<typeof monitorRecord>;

/**
 * The folder of a model's records in one environment.
 *
 * @example monitorFolder("Wages", "production") // => "monitor/wages/production"
 */
export const monitorFolder = (model: string, environment: string): string =>
  `monitor/${model.toLowerCase()}/${environment}`;

/**
 * Where a record lies: names sort as the times do, and no two runs share one.
 *
 * @param run the run's number and attempt, or what tells this look from others
 *
 * @example monitorPath({ model: "wages", environment: "production", at: "2026-11-21T10:00:00.000Z" }, "7-1") // => "monitor/wages/production/20261121t100000000z-7-1.json"
 */
export function monitorPath(
  { model, environment, at }: Pick<MonitorRecord, "model" | "environment" | "at">,
  run: string,
): string {
  return `${monitorFolder(model, environment)}/${at.replace(/[-:.]/g, "").toLowerCase()}-${run}.json`;
}

/**
 * A record that was read from the ledger; undefined where it is not one of this shape, as a later
 * version's may be.
 *
 * @example parseMonitorRecord("{}") // => undefined
 */
export function parseMonitorRecord(text: string): MonitorRecord | undefined {
  try {
    const parsed = monitorRecord.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
