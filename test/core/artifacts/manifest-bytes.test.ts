import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { digestOf } from "../../../src/core/artifacts/digest.ts";
import { Listing, pairs } from "../../../src/core/artifacts/listing.ts";
import { parseManifest, printManifest } from "../../../src/core/artifacts/manifest.ts";
import { directoryName, manifestParts, manifestReader } from "../../../src/core/artifacts/manifest-bytes.ts";

const PATHS = [
  "é.txt",
  "日本/語.txt",
  "😀.txt",
  "\uff5e.txt",
  "A",
  "a-b",
  "a.b",
  "a/b",
  'q"uo\\te\t',
  "\u007f",
];
const MD5 = "60b725f10c9c85c70d97880dfe8191b3";

function listingOf(paths: readonly string[]): Listing {
  const files = new Listing();
  for (const path of paths) files.add(path, digestOf(path).md5);
  return files.sorted();
}

/** Reads a text that comes in pieces of so many bytes. */
function readIn(text: string, size: number): Listing {
  const reader = manifestReader("m");
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) reader.take(bytes.subarray(at, at + size));
  return reader.end();
}

const rowsOf = (files: Listing) =>
  Array.from({ length: files.length }, (_, i) => ({ relpath: files.path(i), md5: files.md5(i) }));

describe("a manifest in columns", () => {
  const manifest = PATHS.map((relpath) => ({ relpath, md5: digestOf(relpath).md5 }));

  it("is printed as the one in objects is", () => {
    const files = listingOf(PATHS);
    assert.equal([...manifestParts(files)].join(""), printManifest(manifest));
    assert.equal(directoryName(files), `${digestOf(printManifest(manifest)).md5}.dir`);
    assert.equal([...manifestParts(new Listing())].join(""), "[]");
  });

  it("is read the same however its bytes are cut", () => {
    const text = printManifest(manifest);
    const expected = rowsOf(listingOf(PATHS));
    for (const size of [1, 2, 3, 7, 64, 10_000]) assert.deepEqual(rowsOf(readIn(text, size)), expected);
    const loose = ` [ {"relpath":"b", "size": {"x": ["]}"]}, "md5":"${MD5}"} ,\n{"md5": "${MD5}", "relpath": "a"}]\n`;
    assert.deepEqual(
      rowsOf(readIn(loose, 5)).map(({ relpath }) => relpath),
      ["a", "b"],
    );
  });

  const hostile = [
    "[",
    "{}",
    "[null]",
    `[{"md5": "${MD5}", "relpath": "a"}`,
    `[{"md5": "${MD5}", "relpath": "a"}] x`,
    `[{"md5": "${MD5}", "relpath": "/etc/passwd"}]`,
    `[{"md5": "${MD5}", "relpath": "a/../../b"}]`,
    `[{"md5": "${MD5}.dir", "relpath": "a"}]`,
    `[{"md5": "${MD5}", "relpath": "a"}, {"md5": "${MD5}", "relpath": "a"}]`,
    `[{"md5": "${MD5}", "relpath": "a/b"}, {"md5": "${MD5}", "relpath": "a-b"}, {"md5": "${MD5}", "relpath": "a"}]`,
  ];
  for (const text of hostile) {
    it(`is refused as the one in objects is: ${text}`, () => {
      assert.throws(() => parseManifest(text, "m"), { name: "UserError" });
      assert.throws(() => readIn(text, 4), { name: "UserError" });
    });
  }

  it("is refused where one entry has no end", () => {
    const reader = manifestReader("m");
    reader.take(Buffer.from('[{"md5": "'));
    assert.throws(() => {
      for (let i = 0; i < 100; i++) reader.take(Buffer.alloc(4096, 0x61));
    }, /m is not the list of a directory's files/);
  });
});

describe("two lists side by side", () => {
  it("are gone through in one order", () => {
    const found = [...pairs(listingOf(["a", "b", "d"]), listingOf(["b", "c"]))];
    assert.deepEqual(found, [
      { left: 0, right: -1 },
      { left: 1, right: 0 },
      { left: -1, right: 1 },
      { left: 2, right: -1 },
    ]);
  });
});
