/**
 * Holm's correction: p-values that may each be held against the level as if there were no others.
 *
 * Source: S. Holm, "A simple sequentially rejective multiple test procedure" (1979).
 *
 * @example holm([0.01, 0.04, 0.03]) // => [0.03, 0.06, 0.06]
 * @example holm([]) // => []
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((_, place) => place).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const adjusted = [...values];
  let least = 0;
  for (const [rank, place] of order.entries()) {
    least = Math.max(least, Math.min(1, (values[place] ?? 0) * (values.length - rank)));
    adjusted[place] = least;
  }
  return adjusted;
}
