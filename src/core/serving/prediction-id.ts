const SOUND = /^[A-Za-z0-9][\w.:-]{0,127}$/;

/**
 * The name of a request: what the caller calls it, by `Inference-Id` or `Ce-Id`, where that is letters,
 * digits and `_.:-`, up to 128; else a new one.
 *
 * @example predictionId(["order-17"], () => "new") // => "order-17"
 * @example predictionId([undefined, "two words"], () => "new") // => "new"
 */
export function predictionId(given: readonly (string | undefined)[], fresh: () => string): string {
  return given.find((id) => id !== undefined && SOUND.test(id)) ?? fresh();
}

/**
 * The name of one row of a request; a request of one row and its row have the same.
 *
 * @example rowId("a", 0, 1) // => "a"
 * @example rowId("a", 2, 3) // => "a-2"
 */
export function rowId(request: string, row: number, rows: number): string {
  return rows === 1 ? request : `${request}-${row}`;
}
