import * as z from "zod";
import { type FeatureKind, fittedShape, one, type Spec, valuesOf } from "./feature-step.ts";

const fitted = z.object({ step: z.literal("keep"), ...fittedShape, ...one });

/** Numbers as they are; true is 1. */
export default {
  name: "keep",
  accepts: ["number", "boolean"],
  takesMissing: false,
  fitted,
  asks: () => ({}),
  fit: ({ column }) => ({ step: "keep", column, outputs: [column] }),
  apply: (_, column) => valuesOf(column, (x) => x),
  sql: (_, column) => `CAST(${column} AS DOUBLE)`,
} satisfies FeatureKind<Spec, z.output<typeof fitted>>;
