import assert from "node:assert/strict";
import { test } from "node:test";
import { unsafePath } from "../../../src/core/artifacts/path.ts";
import { unstopped } from "../../../src/core/text/trimmed-end.ts";

test("a sentence loses what stands at its end, and nothing within", () => {
  assert.equal(unstopped("a. b. \n.\t"), "a. b");
  assert.equal(unstopped(" ."), "");
  assert.equal(unstopped("a"), "a");
});

test("white space in the midst of a text is not looked through again and again", () => {
  // from each of the millions to the end of them, this would take days
  const long = `${" .".repeat(2_000_000)}x`;
  assert.equal(unstopped(long), long);
  assert.equal(unsafePath(long.replaceAll("..", ". ")), undefined);
});
