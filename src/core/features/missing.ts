import * as z from "zod";
import { type FeatureKind, fittedShape, one, type Spec } from "./feature-step.ts";

const fitted = z.object({ step: z.literal("missing"), ...fittedShape, ...one });

/** 1 where the value is missing, else 0. It sees the values after `prepare.values`: after a fill none is. */
export default {
  name: "missing",
  accepts: ["number", "boolean", "text", "time"],
  takesMissing: true,
  fitted,
  asks: () => ({}),
  fit: ({ column }) => ({ step: "missing", column, outputs: [`${column}_missing`] }),
  apply(_, column) {
    const values =
      column.kind === "text"
        ? Float64Array.from(column.codes, (code) => (code < 0 ? 1 : 0))
        : Float64Array.from(column.values, (x) => (Number.isFinite(x) ? 0 : 1));
    return { kind: "values", values };
  },
} satisfies FeatureKind<Spec, z.output<typeof fitted>>;
