import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseDesired, writeDesired } from "../../../src/core/deployments/desired.ts";

const PATH = "deployments/production/wages.yaml";

describe("a desired state", () => {
  it("is read as it was written, also where a digest looks like a number", () => {
    for (const [sha256, md5] of [
      ["0".repeat(64), "1".repeat(32)],
      [`12e${"4".repeat(61)}`, `12e${"4".repeat(29)}`],
      ["a".repeat(64), `${"b".repeat(32)}.dir`],
    ]) {
      const state = { model: "wages", digest: { sha256, md5 } as never, version: "v1.2.0" };
      const text = writeDesired(state);
      assert.deepEqual(parseDesired(text, PATH), state);
      assert.equal(writeDesired(parseDesired(text, PATH)), text);
    }
  });

  it("is two lines, of which a promotion changes one", () => {
    const digest = { sha256: "a".repeat(64), md5: `${"b".repeat(32)}.dir` } as never;
    assert.equal(
      writeDesired({ model: "wages", digest }),
      `model: wages\nserve: { sha256: ${"a".repeat(64)}, md5: ${"b".repeat(32)}.dir }\n`,
    );
  });
});
