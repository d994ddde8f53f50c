import { UserError } from "../../../errors.ts";

const SIZES = new Set(["units", "filters", "output_dim", "input_dim", "depth_multiplier"]);
const LARGEST_ROW = 1_000_000; // numbers in one row of features

/**
 * Whether TensorFlow.js has every class that the topology names, and no layer is larger than the
 * weights that were saved for it: layers are made before their weights are looked at.
 *
 * @param classes that TensorFlow.js has
 * @throws {UserError} on a Lambda layer, a class of the user's own, or a size that cannot be right
 */
export function checkTopology(
  classes: ReadonlySet<string>,
  topology: unknown,
  elements: number,
  path: string,
): void {
  walk(topology, (key, value) => {
    if (key === "class_name" && !(typeof value === "string" && classes.has(value)))
      throw new UserError(
        `${path} has a layer of class "${String(value)}", which TensorFlow.js does not have; layers that carry code are not loaded, export the model without it, for example as ONNX`,
      );
    if (SIZES.has(key) && typeof value === "number" && !(value >= 0 && value <= elements))
      throw new UserError(`${path} has a layer with "${key}": ${value}, but ${elements} weights in all`);
    if (key === "batch_input_shape" && Array.isArray(value) && product(value) > LARGEST_ROW)
      throw new UserError(
        `${path} takes rows of shape ${JSON.stringify(value)}; at most ${LARGEST_ROW} numbers are right`,
      );
  });
}

function walk(value: unknown, visit: (key: string, value: unknown) => void): void {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== "object" || next === null) continue;
    for (const [key, inner] of Object.entries(next)) {
      visit(key, inner);
      open.push(inner);
    }
  }
}

function product(shape: readonly unknown[]): number {
  return shape.reduce<number>((size, part) => size * (typeof part === "number" ? part : 1), 1);
}
