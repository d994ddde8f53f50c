import assert from "node:assert/strict";
import { it } from "node:test";
import { claimsOfNoise } from "../../core/slices/rows.ts";

// at exactly 5 % more than 72 of 1,000 come in 1 of 1,000
const MOST = 72;
const DRAWS = 1000;

it("confirms a slice of pure noise in at most 5 % of draws", () => {
  for (const loss of ["error", "absolute_error"] as const) {
    const { found, claims } = claimsOfNoise(loss, DRAWS);
    assert.ok(found > DRAWS / 2, `${found} of ${DRAWS}`);
    assert.ok(claims <= MOST, `${loss}: ${claims} of ${DRAWS} draws claim a slice`);
  }
});

it("confirms no more of noise where rows count by weights", () => {
  for (const loss of ["error", "absolute_error"] as const) {
    for (const against of ["rest", "baseline"] as const) {
      const { found, claims } = claimsOfNoise(loss, DRAWS, { weighted: true, against });
      assert.ok(found > DRAWS / 2, `${found} of ${DRAWS}`);
      assert.ok(claims <= MOST, `${loss}, ${against}: ${claims} of ${DRAWS} draws claim a slice`);
    }
  }
});
