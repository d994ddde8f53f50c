import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const folder = mkdtempSync(join(tmpdir(), "trainyard-large-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("a log is read in far less memory than it is large", () => {
  const path = join(folder, "a.jsonl");
  const file = openSync(path, "w");
  const rows = 600_000;
  const hash = "ab".repeat(32);
  for (let i = 0; i < rows; i += 5000) {
    const lines = Array.from(
      { length: 5000 },
      (_, k) =>
        `{"id":"3f2a9c1e-${i + k}","at":"2026-11-21T09:00:00.000Z","model":"wages","version":"v1.0.0","sha256":"${hash}","environment":"production","inputs":{"age":${k % 100},"note":"${"x".repeat(200)}"},"score":0.5,"decision":null,"ms":0.2}\n`,
    );
    writeSync(file, lines.join(""));
  }
  writeSync(file, "z".repeat(100 * 2 ** 20)); // and a line that is none
  closeSync(file);
  assert.ok(statSync(path).size > 300 * 2 ** 20);
  const script = fileURLToPath(new URL("measure-alone.ts", import.meta.url));
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--import", "tsx", "--max-old-space-size=100", script, folder],
    { encoding: "utf8", env: { ...process.env, NODE_NO_WARNINGS: "1" } },
  );
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), {
    verdict: "quiet",
    rows,
    notes: [
      'the log has "note", of which training counted nothing: a new column?',
      "1 line is no whole prediction, and left out",
    ],
  });
});
