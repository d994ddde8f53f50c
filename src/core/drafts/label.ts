import type { ColumnProfile } from "../tables/profile.ts";

/** What people call the column that is to be predicted, where they do not call it by its subject. */
const NAMES: ReadonlySet<string> = new Set(["label", "target", "y", "outcome", "class"]);

/**
 * The column to predict, where its name leaves no doubt: the only one that is called label, target, y,
 * outcome or class.
 *
 * @example guessLabel([{ name: "age" }, { name: "Target" }]) // => "Target"
 * @example guessLabel([{ name: "y" }, { name: "class" }]) // => undefined
 */
export function guessLabel(columns: readonly Pick<ColumnProfile, "name">[]): string | undefined {
  const found = columns.filter(({ name }) => NAMES.has(name.toLowerCase()));
  return found.length === 1 ? found[0]?.name : undefined;
}

/** Pairs of words of which everybody knows which is the positive one; it comes second. */
const PAIRS: ReadonlyMap<string, string> = new Map([
  ["no", "yes"],
  ["n", "y"],
  ["f", "t"],
  ["false", "true"],
  ["neg", "pos"],
  ["negative", "positive"],
  ["0", "1"],
  ["bad", "good"],
]);

/** The value whose share a model is asked for, and how sure its choice is. */
export interface Positive {
  readonly value: string;
  /** Whether the words say it; else it is the rarer of the two. */
  readonly sure: boolean;
}

/**
 * The positive one of two texts. What one looks for is mostly the rarer, where the words do not say it.
 *
 * @example guessPositive([{ value: "no", count: 90 }, { value: "yes", count: 10 }]) // => { value: "yes", sure: true }
 * @example guessPositive([{ value: "female", count: 60 }, { value: "male", count: 40 }]) // => { value: "male", sure: false }
 * @example guessPositive([{ value: "a", count: 1 }]) // => undefined
 */
export function guessPositive(
  values: readonly { readonly value: string; readonly count: number }[],
): Positive | undefined {
  const [first, second] = values;
  if (first === undefined || second === undefined || values.length !== 2) return undefined;
  for (const [one, other] of [
    [first, second],
    [second, first],
  ] as const) {
    if (PAIRS.get(one.value.toLowerCase()) === other.value.toLowerCase())
      return { value: other.value, sure: true };
  }
  const rarer = second.count <= first.count ? second : first;
  return { value: rarer.value, sure: false };
}
