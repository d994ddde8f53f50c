const DECAY = 0.9;
const SQUARE_DECAY = 0.999;
const TINY = 1e-7; // TensorFlow's; Kingma and Ba advise 1e-8, below what float32 can tell from 0

/**
 * An optimiser that moves weights against their gradient, each with a step length of its own.
 *
 * Computed here and not by a backend: additions, products, quotients and square roots of doubles
 * are the same on every machine.
 *
 * @param size how many weights there are
 * @returns moves the weights, in place, by one step
 *
 * Source: Kingma and Ba, "Adam: a method for stochastic optimization" (2015), in the form at the end
 * of section 2.
 */
export function adam(
  size: number,
  learningRate: number,
): (weights: Float32Array, gradient: Float32Array) => void {
  const means = new Float32Array(size);
  const squares = new Float32Array(size);
  let decayed = 1;
  let squareDecayed = 1;
  return (weights, gradient) => {
    decayed *= DECAY;
    squareDecayed *= SQUARE_DECAY;
    const rate = (learningRate * Math.sqrt(1 - squareDecayed)) / (1 - decayed);
    for (let i = 0; i < size; i++) {
      const slope = gradient[i] ?? 0;
      const mean = DECAY * (means[i] ?? 0) + (1 - DECAY) * slope;
      const square = SQUARE_DECAY * (squares[i] ?? 0) + (1 - SQUARE_DECAY) * slope * slope;
      means[i] = mean;
      squares[i] = square;
      weights[i] = (weights[i] ?? 0) - (rate * mean) / (Math.sqrt(square) + TINY);
    }
  };
}
