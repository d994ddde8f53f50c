/** What an interval is made of resampled values by. */
export const INTERVAL_METHODS = ["percentile", "bca"] as const;
export type IntervalMethod = (typeof INTERVAL_METHODS)[number];
