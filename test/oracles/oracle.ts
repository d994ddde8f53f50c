import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** The values that an oracle's script has left beside it. */
export function oracle<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), "utf8")) as T;
}

/** Equal to 1e-9, relative or absolute, whichever is larger; NaN (null in JSON) equals NaN alone. */
export function near(actual: number | null, expected: number | null, what: string): void {
  const [a, e] = [actual ?? Number.NaN, expected ?? Number.NaN];
  if (Number.isNaN(e) || Number.isNaN(a)) {
    assert.equal(a, e, `${what}: ${actual}, not ${expected}`);
    return;
  }
  assert.ok(Math.abs(a - e) <= 1e-9 * Math.max(1, Math.abs(e)), `${what}: ${actual}, not ${expected}`);
}
