import assert from "node:assert/strict";
import { test } from "node:test";
import type { VerdictRecord } from "../../../src/core/proposal/documents.ts";
import {
  fingerprintsIn,
  indexedPath,
  indexFolder,
  parseRecord,
  recordFiles,
  recordPath,
  vouchedDigests,
  vouches,
} from "../../../src/core/proposal/vouch.ts";

const record: VerdictRecord = {
  schema: "trainyard/verdict/1",
  model: "Wages",
  folder: ".",
  pull: 7,
  commit: "a".repeat(40),
  base: "b".repeat(40),
  fingerprint: "c".repeat(64),
  digest: { md5: `${"d".repeat(32)}.dir`, sha256: "e".repeat(64), size: 10 },
  origin: "trained here",
  verdict: "pass",
  sentence: "Better.",
  metrics: { roc_auc: 0.8 },
  gates: [{ condition: "roc_auc >= 0.7", verdict: "pass" }],
  lock: "f".repeat(64),
  trained_by: null,
  judged_by: "https://example.com/1",
  judged_at: "2026-11-21T07:00:00Z",
  tool: "0.1.0",
};

test("a record judged again with the same result is the same file", () => {
  const again = { ...record, judged_at: "2027-01-01T00:00:00Z", judged_by: "https://example.com/2" };
  assert.equal(recordPath(again), recordPath(record));
  assert.match(recordPath(record), /^verdicts\/wages\/7\/a{40}-c{12}-[0-9a-f]{12}\.json$/);
});

test("a record with another result or another base is another file", () => {
  assert.notEqual(recordPath({ ...record, verdict: "fail" }), recordPath(record));
  assert.notEqual(recordPath({ ...record, base: "1".repeat(40) }), recordPath(record));
});

test("the index leads from the fingerprint to the record", () => {
  const [file, entry] = recordFiles(record);
  assert.ok(entry?.path.startsWith(`${indexFolder(record.fingerprint)}/`));
  assert.equal(indexedPath(entry?.text ?? ""), file?.path);
  assert.deepEqual(parseRecord(file?.text ?? ""), record);
  assert.equal(parseRecord("{}"), undefined);
  assert.equal(indexedPath("no JSON"), undefined);
});

test("fingerprints are counted by what the paths say", () => {
  const other = { ...record, fingerprint: "9".repeat(64) };
  assert.deepEqual(fingerprintsIn([recordPath(record), recordPath(other), "verdicts/wages/7/x.json"]), [
    "9".repeat(12),
    "c".repeat(12),
  ]);
});

test("a model from outside vouches for nothing", () => {
  const claim = { fingerprint: record.fingerprint, sha256: record.digest.sha256 };
  assert.equal(vouches(record, claim), true);
  assert.equal(vouches({ ...record, origin: "trained outside" }, claim), false);
  assert.equal(vouches({ ...record, origin: "trained outside" }, { ...claim, outside: true }), true);
  assert.equal(vouches(record, { ...claim, sha256: "0".repeat(64) }), false);
  assert.equal(vouches(record, { ...claim, fingerprint: "0".repeat(64) }), false);
});

test("of several bytes for one fingerprint the last judged come first", () => {
  const later = {
    ...record,
    judged_at: "2027-01-01T00:00:00Z",
    digest: { ...record.digest, sha256: "1".repeat(64) },
  };
  const digests = vouchedDigests([record, later], record.fingerprint);
  assert.deepEqual(
    digests.map(({ sha256 }) => sha256),
    ["1".repeat(64), "e".repeat(64)],
  );
});
