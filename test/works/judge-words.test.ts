import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutDrafts } from "../../src/works/judge-words.ts";

test("a message names files, and not where they lay for a moment", () => {
  const told =
    'rows.csv:3 in "/tmp/a b/.trainyard/tmp/4f2e/12-rows.csv": no number (/y/.trainyard/tmp/9/z.csv)';
  assert.equal(withoutDrafts(told), 'rows.csv:3 in "/tmp/a rows.csv": no number z.csv)');
  assert.equal(withoutDrafts("/a/.trainyard/tmp/1/b/.trainyard/tmp/2/c"), "c");
});

test("a message of millions of characters without a space is read once", () => {
  // read from each of its characters anew, this would take hours
  const long = "x".repeat(4_000_000);
  assert.equal(withoutDrafts(long), long);
  const many = ".trainyard/tmp/".repeat(200_000);
  assert.ok(withoutDrafts(many).length <= many.length);
});
