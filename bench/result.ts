/** One claim of the documentation, measured. */
export interface Result {
  readonly claim: string;
  readonly measured: number;
  readonly limit: number;
  readonly unit: string;
  readonly ok: boolean;
  /** What else was seen on the way. */
  readonly detail?: unknown;
}
