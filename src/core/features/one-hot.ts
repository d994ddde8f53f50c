import * as z from "zod";
import { UserError } from "../../errors.ts";
import { categoryText, codesOf, type FeatureKind, fittedShape, type Spec } from "./feature-step.ts";

/** One column a category: how many at most, and how frequent at least. */
export interface OneHotSpec extends Spec {
  readonly most: number;
  readonly least: number;
}

const fitted = z.object({
  step: z.literal("one_hot"),
  ...fittedShape,
  categories: z.array(z.string()).max(100_000),
});

/**
 * A column of 0 and 1 for each category of the training rows, in ascending order: the `most`
 * frequent ones that stand at least `least` times. Any other category, and a missing value, is all
 * zeros.
 */
export default {
  name: "one_hot",
  accepts: ["text", "number", "boolean"],
  takesMissing: true,
  fitted,

  asks: ({ most, least }) => ({ categories: { most, least } }),

  fit({ column, least }, answers) {
    const categories = answers.categories.map(categoryText);
    if (categories.length === 0) {
      const often = least > 1 ? ` that stands ${least} times` : "";
      throw new UserError(
        `one_hot: "${column}" has no category${often} in the ${answers.rows} training rows; leave it out of features`,
      );
    }
    return {
      step: "one_hot",
      column,
      outputs: distinct(categories.map((c) => `${column}=${c}`)),
      categories,
    };
  },

  apply({ categories }, column) {
    const places = new Map(categories.map((category, i) => [category, i]));
    const hot = Int32Array.from(codesOf(column, (word) => places.get(word) ?? -1, -1));
    return { kind: "hot", hot, width: categories.length };
  },
} satisfies FeatureKind<OneHotSpec, z.output<typeof fitted>>;

/**
 * Names that differ by more than capitals, because engines do not tell those apart.
 *
 * @example distinct(["city=bonn", "city=Bonn", "city=Rom"]) // => ["city=bonn", "city=Bonn~2", "city=Rom"]
 */
export function distinct(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let n = 2; seen.has(unique.toLowerCase()); n++) unique = `${name}~${n}`;
    seen.add(unique.toLowerCase());
    return unique;
  });
}
