import assert from "node:assert/strict";
import { it } from "node:test";
import { claimsOfNoise } from "../../core/slices/rows.ts";

it("confirms a slice of pure noise in at most 5 % of draws", () => {
  for (const loss of ["error", "absolute_error"] as const) {
    const draws = 1000;
    const { found, claims } = claimsOfNoise(loss, draws);
    assert.ok(found > draws / 2, `${found} of ${draws}`);
    // at exactly 5 % more than 72 of 1,000 come in 1 of 1,000
    assert.ok(claims <= 72, `${loss}: ${claims} of ${draws} draws claim a slice`);
  }
});
