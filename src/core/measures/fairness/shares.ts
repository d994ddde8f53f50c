/** A share of a group's rows, or of some of them. */
export type RateName =
  | "selection_rate"
  | "true_positive_rate"
  | "false_positive_rate"
  | "true_negative_rate"
  | "false_negative_rate"
  | "precision"
  | "negative_predictive_value"
  | "false_discovery_rate"
  | "false_omission_rate"
  | "accuracy"
  | "prevalence";

/** How a cell of the confusion matrix takes part in a share: it counts, is in the denominator alone, or in neither. */
type Part = "counts" | "of" | "-";

/** One share: which cells it counts, of which. */
export interface ShareKind {
  readonly name: RateName;
  readonly title: string;
  readonly better: "higher" | "lower" | "neither";
  /** What the denominator counts. */
  readonly noun: string;
  /** By {@link CELLS}. */
  readonly parts: readonly [tp: Part, fp: Part, fn: Part, tn: Part];
}

/** The cells of a confusion matrix of two classes, in the order of {@link ShareKind.parts}. */
export const CELLS = ["tp", "fp", "fn", "tn"] as const;

const [C, O, N] = ["counts", "of", "-"] as const;

/**
 * Every share by its name: what Fairlearn, Aequitas (whose `pprev` is the selection rate) and AIF360 count
 * in a group. Adding one is adding a row.
 *
 * @example [...SHARES.keys()].length // => 11
 */
export const SHARES: ReadonlyMap<RateName, ShareKind> = new Map(
  (
    [
      ["selection_rate", "Selected", "neither", "rows", [C, C, O, O]],
      ["true_positive_rate", "True positive rate", "higher", "positive rows", [C, N, O, N]],
      ["false_negative_rate", "False negative rate", "lower", "positive rows", [O, N, C, N]],
      ["false_positive_rate", "False positive rate", "lower", "negative rows", [N, C, N, O]],
      ["true_negative_rate", "True negative rate", "higher", "negative rows", [N, O, N, C]],
      ["precision", "Precision (PPV)", "higher", "selected rows", [C, O, N, N]],
      ["false_discovery_rate", "False discovery rate", "lower", "selected rows", [O, C, N, N]],
      ["negative_predictive_value", "Negative predictive value", "higher", "refused rows", [N, N, O, C]],
      ["false_omission_rate", "False omission rate", "lower", "refused rows", [N, N, C, O]],
      ["accuracy", "Accuracy", "higher", "rows", [C, O, O, C]],
      ["prevalence", "Positive in truth", "neither", "rows", [C, O, C, O]],
    ] as const
  ).map(([name, title, better, noun, parts]) => [name, { name, title, better, noun, parts }]),
);

/** What a name's share is; all names have one. */
export function shareKind(name: RateName): ShareKind {
  const kind = SHARES.get(name);
  if (kind === undefined) throw new RangeError(`no share "${name}"`);
  return kind;
}

/**
 * The names that other tools have for the same shares.
 *
 * @example shareNamed("recall") // => "true_positive_rate"
 * @example shareNamed("roc_auc") // => undefined
 */
export function shareNamed(name: string): RateName | undefined {
  const meant = OTHERS[name] ?? name;
  return [...SHARES.keys()].find((own) => own === meant);
}

const OTHERS: Readonly<Record<string, RateName | undefined>> = Object.assign(Object.create(null), {
  recall: "true_positive_rate",
  sensitivity: "true_positive_rate",
  specificity: "true_negative_rate",
  positive_predictive_value: "precision",
});
