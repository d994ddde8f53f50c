import type { MonitorRecord } from "./record.ts";

/** What earlier looks say of now. */
export interface History {
  /** The newest record. */
  readonly last: MonitorRecord | undefined;
  /** The newest that had an answer: moved or quiet. */
  readonly decided: MonitorRecord | undefined;
  /** Since when something has moved without having been quiet in between; undefined where it is quiet. */
  readonly since: string | undefined;
}

/**
 * Folds records; what had not enough data neither begins a trouble nor ends one.
 *
 * @param records in the order of their times
 *
 * @example historyOf([]) // => { last: undefined, decided: undefined, since: undefined }
 */
export function historyOf(records: readonly MonitorRecord[]): History {
  let decided: MonitorRecord | undefined;
  let since: string | undefined;
  for (const record of records) {
    if (record.verdict === "not enough data") continue;
    since = record.verdict === "quiet" ? undefined : (since ?? record.at);
    decided = record;
  }
  return { last: records.at(-1), decided, since };
}
