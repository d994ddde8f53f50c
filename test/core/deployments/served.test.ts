import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MOST_SERVED, parseServed } from "../../../src/core/deployments/served.ts";

const sha256 = "ab".repeat(32);
const answer = (trainyard: unknown): string =>
  JSON.stringify({
    model_version_status: [
      { version: "v1.2.0", state: "AVAILABLE", status: { error_code: "OK", error_message: "" } },
    ],
    trainyard,
  });

describe("what a server says that it serves", () => {
  it("is read from its own answer", () => {
    const said = { sha256, version: "v1.2.0", environment: "production", deployment: 12, since: "2026" };
    assert.deepEqual(parseServed(answer(said)), { sha256, version: "v1.2.0" });
  });

  it("may have no version yet", () => {
    assert.deepEqual(parseServed(answer({ sha256, version: null })), { sha256, version: undefined });
    assert.deepEqual(parseServed(answer({ sha256 })), { sha256, version: undefined });
  });

  it("is nothing where anything else answered", () => {
    const strange = [
      "",
      "<html>",
      "null",
      "[]",
      "{}",
      answer(null),
      answer({ sha256: sha256.toUpperCase() }),
      answer({ sha256: `${sha256}0` }),
      answer({ sha256: 7, version: "v1.2.0" }),
      answer({ sha256, version: "latest" }),
      answer({ sha256, version: `v1.2.0-${"x".repeat(200)}` }),
      answer({ sha256, more: "x".repeat(MOST_SERVED) }),
    ];
    for (const body of strange) assert.equal(parseServed(body), undefined, body.slice(0, 80));
  });
});
