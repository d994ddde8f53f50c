/** Rows of numbers with what is to be learnt from them. */
export interface Matrix {
  /** Row-major, `rows × width`, finite. */
  readonly matrix: Float32Array;
  readonly rows: number;
  readonly width: number;
  /** One a row: the class's index from 0, or the target of a regression. */
  readonly labels: Float64Array;
  /** How much each row counts, not negative; every row the same where it is absent. */
  readonly weights?: Float64Array;
}

/**
 * The rows of the given numbers, in their order, as a matrix of their own.
 *
 * @example takeRows({ matrix: new Float32Array([1, 2, 3]), rows: 3, width: 1, labels: new Float64Array([7, 8, 9]) }, [2, 0]).labels // => [9, 7]
 */
export function takeRows(from: Matrix, numbers: ArrayLike<number>): Matrix {
  const { width } = from;
  const rows = numbers.length;
  const matrix = new Float32Array(rows * width);
  copyRows(from.matrix, width, numbers, matrix);
  const labels = taken(from.labels, numbers);
  return {
    matrix,
    rows,
    width,
    labels,
    ...(from.weights === undefined ? {} : { weights: taken(from.weights, numbers) }),
  };
}

/** Copies the rows of the given numbers to the start of `to`. */
export function copyRows(
  from: Float32Array,
  width: number,
  numbers: ArrayLike<number>,
  to: Float32Array,
): void {
  let next = 0;
  for (let i = 0; i < numbers.length; i++) {
    const start = (numbers[i] ?? 0) * width;
    for (let column = 0; column < width; column++) to[next++] = from[start + column] ?? 0;
  }
}

function taken(values: Float64Array, numbers: ArrayLike<number>): Float64Array {
  const some = new Float64Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) some[i] = values[numbers[i] ?? 0] ?? 0;
  return some;
}
