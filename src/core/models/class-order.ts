import { UserError } from "../../errors.ts";

/**
 * For each of the contract's classes, the column of the model's scores that is its.
 *
 * A model that carries its classes, as those of scikit-learn do, is read by their names; one that
 * was trained on the classes' numbers 0, 1, … or that names none is read in order. ONNX has no boolean
 * classes, so the 0 and 1 of a boolean label are the names of false and true.
 *
 * @param named the classes that the model names
 * @param wanted the classes of the contract
 * @param raw how many scores the model gives a row
 * @example classOrder(["high", "low"], ["low", "high"], 2, "m.onnx") // => [1, 0]
 * @example classOrder(["0", "1"], ["no", "yes"], 2, "m.onnx") // => [0, 1]
 * @example classOrder(["0", "1"], ["true", "false"], 2, "m.onnx") // => [1, 0]
 * @example classOrder(["a", "b"], ["no", "yes"], 2, "m.onnx") // throws 'names its classes "a", "b"'
 */
export function classOrder(
  named: readonly string[] | undefined,
  wanted: readonly string[] | undefined,
  raw: number,
  path: string,
): readonly number[] {
  const plain = Array.from({ length: raw }, (_, place) => place);
  if (named === undefined || wanted === undefined || named.length !== raw || wanted.length !== raw)
    return plain;
  const boolean = wanted.every((name) => Object.hasOwn(BOOLEAN, name));
  const order = wanted.map((name) => named.indexOf(name));
  if (order.every((place) => place >= 0)) return order;
  if (boolean && named.join() === "0,1") return wanted.map((name) => BOOLEAN[name] ?? 0);
  if (named.every((name, place) => name === String(place))) return plain;
  const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");
  throw new UserError(`${path} names its classes ${quoted(named)}; the contract's are ${quoted(wanted)}`);
}

const BOOLEAN: Readonly<Record<string, number>> = { false: 0, true: 1 };
