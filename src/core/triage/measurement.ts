/*
 * What looking at production found. Whoever measures makes it; triage speaks of it and writes it down.
 */

/** One look at what a model was asked in an environment, beside what it was trained on. */
export interface Measurement {
  readonly model: string;
  readonly environment: string;
  /** When it was looked at, ISO 8601. */
  readonly at: string;
  /** Which predictions were looked at. */
  readonly window: { readonly from: string; readonly to: string };
  /** The model that answered them; null where nothing says which. */
  readonly served: { readonly sha256: string; readonly version: string | null } | null;
  /** Predictions that were compared. */
  readonly rows: number;
  readonly verdict: "moved" | "quiet" | "not enough data";
  /** Why there is no answer, in one sentence without a full stop; null where there is one. */
  readonly why: string | null;
  /** In the order of the training reference. */
  readonly columns: readonly MeasuredColumn[];
  /** What else there is to know, in sentences. */
  readonly notes: readonly string[];
}

/** One input of the model. */
export interface MeasuredColumn {
  readonly name: string;
  readonly kind: "number" | "category";
  readonly psi: number | null;
  /** Jensen–Shannon distance, base 2. */
  readonly js: number | null;
  /** Beyond this PSI it has moved: the contract's or what chance makes, whichever is more. */
  readonly threshold: number | null;
  readonly moved: boolean;
  /** What was found, in words that show no value of the data. */
  readonly words?: string;
  readonly bins: readonly MeasuredBin[];
}

/** One bin of a column: its share of the training rows, and of the predictions. */
export interface MeasuredBin {
  /** A range or a category: a value of the data, which is shown only where the contract says so. */
  readonly label: string;
  readonly reference: number;
  readonly seen: number;
}
