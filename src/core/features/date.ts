import * as z from "zod";
import { TIME_PARTS_SQL, type TimePart, timePart } from "../tables/expression/operations/time.ts";
import { type FeatureKind, fittedShape, one, type Spec, valuesOf } from "./feature-step.ts";

const PARTS = [
  "year",
  "month",
  "day",
  "weekday",
  "hour",
  "minute",
  "day_of_year",
] as const satisfies TimePart[];

/** One part of a date, in UTC. */
export interface DateSpec extends Spec {
  readonly part: TimePart;
}

const fitted = z.object({ step: z.literal("date"), ...fittedShape, ...one, part: z.enum(PARTS) });

/** One part of a time in UTC; weekday 1 is Monday. */
export default {
  name: "date",
  accepts: ["time"],
  takesMissing: false,
  fitted,
  asks: () => ({}),
  fit: ({ column, part }) => ({ step: "date", column, outputs: [`${column}_${part}`], part }),
  apply: ({ part }, column) => valuesOf(column, (time) => timePart(part, time)),
  sql: ({ part }, column) => `CAST(${TIME_PARTS_SQL[part]}(${column}) AS DOUBLE)`,
} satisfies FeatureKind<DateSpec, z.output<typeof fitted>>;
