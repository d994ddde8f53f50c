import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDocument } from "yaml";
import { printLock } from "../../../src/core/artifacts/lock.ts";
import { lockFile } from "../../../src/core/artifacts/lock-schema.ts";
import { readPlainLock } from "../../../src/core/artifacts/plain-lock.ts";
import { lockOf } from "../../works/lineage/locks.ts";

/** What a whole parser makes of a text; undefined where it is no lock. */
function whole(text: string): unknown {
  const document = parseDocument(text, { version: "1.2", uniqueKeys: true });
  if (document.errors.length > 0) return undefined;
  const parsed = lockFile.safeParse(document.toJS({ maxAliasCount: 0 }));
  return parsed.success ? Object.entries(parsed.data.stages) : undefined;
}

const text = printLock(lockOf({}));

test("a lock as it is printed is read in parts, and each part that stands in another once", () => {
  const [one, other] = [readPlainLock(text), readPlainLock(printLock(lockOf({ epochs: 80 })))];
  assert.deepEqual([...(one ?? [])], whole(text));
  assert.equal(one?.get("ingest"), other?.get("ingest"));
  assert.notEqual(one?.get("train"), other?.get("train"));
  assert.equal(one?.get("train")?.in[1], other?.get("train")?.in[1], "the seed");
});

test("whatever somebody does to a line, it is read as a whole parser reads it, or not at all", () => {
  const lines = text.split("\n");
  const ways: readonly ((line: string) => readonly string[])[] = [
    () => [],
    (line) => [line, line],
    (line) => [`  ${line}`],
    (line) => [line.slice(2)],
    (line) => ["", line],
    (line) => ["# words", line],
    (line) => ["    # words", line],
    (line) => [`${line} # words`],
    (line) => [line, "      more: 1"],
    (line) => [line, "        goes on"],
    (line) => [line, "    in: []"],
    (line) => [line, "    in:", "    - name: a", "      kind: data", "      reason: b"],
    (line) => ["  ingest:", line],
    (line) => ["<<<<<<< HEAD", line],
    (line) => [line.replace(": ", ": &a ")],
    (line) => [line.replace(/: .*/, ":")],
    (line) => [line.replace(/: .*/, ": {a: 1}")],
    (line) => [line.replace(":", "\t:")],
    (line) => [`${line}\r`],
    (line) => [line.replace("- ", "-  ")],
  ];
  let read = 0;
  for (const [at] of lines.entries()) {
    for (const [index, way] of ways.entries()) {
      if ((at + index) % 3 !== 0) continue; // a third of them is enough, of each kind and of each line
      const changed = [...lines.slice(0, at), ...way(lines[at] ?? ""), ...lines.slice(at + 1)].join("\n");
      const found = readPlainLock(changed);
      if (found === undefined) continue;
      read++;
      assert.deepEqual([...found], whole(changed), changed);
    }
  }
  assert.ok(read > 50, `${read} of them are plain`);
});
