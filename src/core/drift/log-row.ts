import { momentOf } from "./moment.ts";

/** One prediction of a log, as far as it is compared. */
export interface LogRow {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly model: string;
  readonly environment: string;
  readonly sha256: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const LONGEST_ID = 300;

/**
 * Reads a line of a prediction log; undefined where it is none: half a line, another program's, or of
 * another shape. What else a line says is not looked at.
 *
 * @example readLogRow('{"id": "7-0", "at": "2026-11-21T10:00:00.000Z", "model": "wages", "environment": "production", "sha256": "ab", "inputs": {"age": 30}}')?.inputs.age // => 30
 * @example readLogRow('{"id": "7-0", "at": "2026-11-2') // => undefined
 */
export function readLogRow(line: string): LogRow | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { id, at, model, environment, sha256, inputs } = value;
  if (typeof id !== "string" || id === "" || id.length > LONGEST_ID) return undefined;
  if (typeof model !== "string" || typeof environment !== "string" || typeof sha256 !== "string")
    return undefined;
  const time = typeof at === "string" ? momentOf(at) : undefined;
  if (time === undefined || !isObject(inputs)) return undefined;
  return { id, at: time, model, environment, sha256, inputs };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
