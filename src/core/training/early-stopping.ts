/** Watches the validation loss and keeps the weights of the best epoch so far. */
export interface EarlyStopping {
  /** Takes an epoch's loss and weights, and says whether training should go on. */
  watch(epoch: number, loss: number, weights: Float32Array): boolean;
  /** The best epoch and its weights; undefined before the first. */
  best(): { readonly epoch: number; readonly weights: Float32Array } | undefined;
}

/**
 * Stops when the loss has not fallen below its lowest for so many epochs.
 *
 * @param patience epochs without a fall, at least 1
 */
export function earlyStopping(patience: number): EarlyStopping {
  let lowest = Number.POSITIVE_INFINITY;
  let kept: { readonly epoch: number; readonly weights: Float32Array } | undefined;
  return {
    watch(epoch, loss, weights) {
      if (loss < lowest || kept === undefined) {
        lowest = loss;
        kept = { epoch, weights: weights.slice() };
      }
      return epoch - kept.epoch < patience;
    },
    best: () => kept,
  };
}
