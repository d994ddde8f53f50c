import * as z from "zod";
import { UserError } from "../../errors.ts";
import type { Value } from "./answers.ts";
import { categoryText, codesOf, type FeatureKind, fittedShape, one, type Spec } from "./feature-step.ts";

/** A category's place in an order. */
export interface OrdinalSpec extends Spec {
  /** Lowest first; empty: the categories of the training rows, ascending. */
  readonly order: readonly Value[];
}

/** More categories than this have no order that a person could mean. */
const MOST = 10_000;

const fitted = z.object({
  step: z.literal("ordinal"),
  ...fittedShape,
  ...one,
  categories: z.array(z.string()).min(1).max(MOST),
});

/** The category's place in an order, from 0; −1 for a category that is not in it. */
export default {
  name: "ordinal",
  accepts: ["text", "number", "boolean"],
  takesMissing: false,
  fitted,

  asks: ({ order }) => (order.length > 0 ? {} : { categories: { most: MOST + 1, least: 1 } }),

  fit({ column, order }, answers) {
    const categories = (order.length > 0 ? order : answers.categories).map(categoryText);
    const twice = categories.find((category, i) => categories.indexOf(category) !== i);
    if (twice !== undefined) throw new UserError(`ordinal: the order of "${column}" names "${twice}" twice`);
    if (categories.length > MOST) {
      throw new UserError(
        `ordinal: "${column}" has more than ${MOST} categories; use hash, or keep a number`,
      );
    }
    return { step: "ordinal", column, outputs: [`${column}_rank`], categories };
  },

  apply({ categories }, column) {
    const places = new Map(categories.map((category, i) => [category, i]));
    return { kind: "values", values: codesOf(column, (word) => places.get(word) ?? -1, NaN) };
  },
} satisfies FeatureKind<OrdinalSpec, z.output<typeof fitted>>;
