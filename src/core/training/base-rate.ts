const RARE = 1e-6; // a class without rows gets no infinite bias

/**
 * The share of each class among rows that count so much each.
 *
 * @example classShares(new Float64Array([0, 1, 1, 1]), new Float64Array([1, 1, 1, 1]), 2) // => [0.25, 0.75]
 * @example classShares(new Float64Array([0]), new Float64Array([1]), 2) // => [1, 0.000001]
 */
export function classShares(labels: Float64Array, weights: Float64Array, classes: number): Float64Array {
  const shares = new Float64Array(classes);
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    const weight = weights[row] ?? 0;
    shares[labels[row] ?? 0] = (shares[labels[row] ?? 0] ?? 0) + weight;
    total += weight;
  }
  return shares.map((weight) => Math.max(weight / total, RARE));
}

/**
 * The log loss of always answering the base rates; 1 for a regression, whose target has deviation 1.
 * What a model may be expected to stay below.
 *
 * @example idleLoss(new Float64Array([0.5, 0.5])) // => 0.6931471805599453
 * @example idleLoss(undefined) // => 1
 */
export function idleLoss(shares: Float64Array | undefined): number {
  if (shares === undefined) return 1;
  return shares.reduce((loss, share) => loss - share * Math.log(share), 0);
}
