import * as z from "zod";
import { UserError } from "../../errors.ts";
import { type FeatureKind, fittedShape, one, type Spec, valuesOf } from "./feature-step.ts";

const fitted = z.object({ step: z.literal("log"), ...fittedShape, ...one });

/** ln(1 + x). A value of −1 or less has none: refused in training, NaN afterwards. */
export default {
  name: "log",
  accepts: ["number"],
  takesMissing: false,
  approximate: true,
  fitted,

  asks: () => ({ range: true }),

  fit({ column }, { least }) {
    if (least <= -1) {
      throw new UserError(
        `log: "${column}" goes down to ${least}, and ln(1 + x) wants x above -1; clip it, or leave those rows out`,
      );
    }
    return { step: "log", column, outputs: [`${column}_log`] };
  },

  apply: (_, column) => valuesOf(column, (x) => (x > -1 ? Math.log1p(x) : NaN)),
  sql: (_, column) => `CASE WHEN ${column} > -1 THEN ln(1 + ${column}) END`,
} satisfies FeatureKind<Spec, z.output<typeof fitted>>;
