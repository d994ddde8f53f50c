import { isMap, isScalar, isSeq, type Node } from "yaml";
import { compareText } from "../text/order.ts";

/**
 * A YAML value as Python's `json.dumps(…, sort_keys=True)` prints it: DVC hashes such texts. `1.0` and
 * `1` are two things there, and are told apart by how they were written.
 *
 * @param without keys that are left out, at every depth
 */
export function pythonJson(node: unknown, without: ReadonlySet<string> = new Set()): string {
  if (isMap(node)) {
    const pairs = node.items
      .map(({ key, value }) => [String(isScalar(key) ? key.value : key), value] as const)
      .filter(([key]) => !without.has(key))
      .sort(([a], [b]) => compareText(a, b));
    return `{${pairs.map(([key, value]) => `${pythonString(key)}: ${pythonJson(value, without)}`).join(", ")}}`;
  }
  if (isSeq(node)) return `[${node.items.map((item) => pythonJson(item as Node, without)).join(", ")}]`;
  if (!isScalar(node)) return "null";
  const { value, source } = node;
  if (typeof value === "string") return pythonString(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return pythonNumber(value, source);
  return value === null || value === undefined ? "null" : String(value);
}

/**
 * A JSON string in ASCII: everything from 0x7f on is escaped, surrogate pairs one half at a time.
 *
 * @example pythonString("é") // => '"\\u00e9"'
 */
export function pythonString(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * A number as Python prints the one that YAML 1.2 reads from a text.
 *
 * @example pythonNumber(1, "1.0") // => "1.0"
 * @example pythonNumber(1, "1") // => "1"
 * @example pythonNumber(1e16, "1e16") // => "1e+16"
 * @example pythonNumber(Infinity, ".inf") // => "Infinity"
 */
export function pythonNumber(value: number, source: string | undefined): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  const whole =
    source === undefined ? Number.isInteger(value) : /^[-+]?(?:\d+|0x[\da-f]+|0o[0-7]+)$/i.test(source);
  if (whole)
    return source !== undefined && /^[-+]?\d+$/.test(source) ? String(BigInt(source)) : String(value);
  return pythonFloat(value);
}

/** Python's `repr`: an exponent from 1e16 on and below 1e-4, of two digits at least, and a point else. */
function pythonFloat(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    const [digits = "", power = ""] = value.toExponential().split("e");
    return `${digits}e${power.startsWith("-") ? "-" : "+"}${power.slice(1).padStart(2, "0")}`;
  }
  const text = size >= 1e21 ? value.toFixed() : String(value);
  return text.includes(".") ? text : `${text}.0`;
}
