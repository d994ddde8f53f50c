import assert from "node:assert/strict";
import { test } from "node:test";
import { manifestReader } from "../../../../src/core/artifacts/manifest-bytes.ts";

const BLOCK = 50_000;

test("of a manifest of 10 million entries no more than half is read, and it is said in one sentence", () => {
  const reader = manifestReader("d.dir in the remote");
  const entry = '{"md5": "60b725f10c9c85c70d97880dfe8191b3", "relpath": "a"}, ';
  const block = Buffer.from(entry.repeat(BLOCK));
  let blocks = 0;
  reader.take(Buffer.from("["));
  assert.throws(
    () => {
      while (blocks < 10_000_000 / BLOCK) {
        blocks++;
        reader.take(block);
      }
    },
    {
      name: "UserError",
      message:
        "d.dir in the remote lists more than 5000000 files; keep them in several directories, each with a version of its own",
    },
  );
  assert.equal(blocks, 5_000_000 / BLOCK + 1);
});
