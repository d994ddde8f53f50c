import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { digestOf } from "../../../src/core/artifacts/digest.ts";
import { directoryContent, parseManifest, printManifest } from "../../../src/core/artifacts/manifest.ts";

/** Directories by path and text, and the names that DVC gives them. */
const VECTORS: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  ["two files", { "a.txt": "a\n", "b/c.txt": "c\n" }, "fe84379d2acb24b0012994e6490ece92.dir"],
  ["no file", {}, "d751713988987e9331980363e24189ce.dir"],
  [
    "names by code points, not by UTF-16",
    { "é.txt": "1", "日本/語.txt": "2", "😀.txt": "3", "\uff5e.txt": "4" },
    "80769f5f16aa068ac37b00c9622aae9b.dir",
  ],
  [
    "punctuation before letters",
    { A: "4", "a-b": "3", "a.b": "2", "a/b": "1" },
    "66b10f744c7754045c7ff5cc4464bf95.dir",
  ],
  [
    "names that must be escaped",
    { 'q"uote\\back\ttab.txt': "x", "\u007f.txt": "y" },
    "0915a30ca4edbb6506b5907ffc33b6f6.dir",
  ],
];

function filesOf(texts: Readonly<Record<string, string>>) {
  return Object.entries(texts).map(([relpath, text]) => ({
    relpath,
    ...digestOf(text),
    size: Buffer.byteLength(text),
  }));
}

describe("a directory's name is DVC's", () => {
  for (const [name, texts, expected] of VECTORS) {
    it(`of ${name}`, () => {
      const content = directoryContent(filesOf(texts));
      assert.equal(content.md5, expected);
      assert.equal(content.nfiles, Object.keys(texts).length);
      assert.equal(directoryContent(filesOf(texts).reverse()).sha256, content.sha256);
    });
  }

  it("over exactly these bytes", () => {
    assert.equal(
      printManifest(filesOf(VECTORS[0]![1])),
      '[{"md5": "60b725f10c9c85c70d97880dfe8191b3", "relpath": "a.txt"}, {"md5": "2cd6ee2c70b0bde53fbe6cac3c8b8bb1", "relpath": "b/c.txt"}]',
    );
    assert.equal(printManifest(filesOf(VECTORS[2]![1])).length, 299);
  });

  it("and its sha256 does not rest on md5", () => {
    const [file] = filesOf({ "a.txt": "a\n" });
    const other = { ...file!, sha256: digestOf("b").sha256 };
    assert.notEqual(directoryContent([other]).sha256, directoryContent([file!]).sha256);
    assert.equal(directoryContent([other]).md5, directoryContent([file!]).md5);
  });
});

describe("a manifest from elsewhere", () => {
  const md5 = "60b725f10c9c85c70d97880dfe8191b3";

  it("is read back, whatever else its entries hold", () => {
    const manifest = filesOf(VECTORS[4]![1]).map(({ relpath, md5 }) => ({ relpath, md5 }));
    const read = parseManifest(printManifest(manifest), "m");
    assert.deepEqual(new Set(read.map(({ relpath }) => relpath)), new Set(Object.keys(VECTORS[4]![1])));
    assert.deepEqual(parseManifest(`[{"md5": "${md5}", "relpath": "a", "size": 3}]`, "m"), [
      { md5, relpath: "a" },
    ]);
  });

  const hostile: readonly (readonly [string, string])[] = [
    ["[", "m is not the list of a directory's files; push the directory again"],
    ["{}", "m is not the list of a directory's files; push the directory again"],
    ["[null]", "entry 1 of m has no md5"],
    [`[{"md5": "${md5}.dir", "relpath": "a"}]`, "entry 1 of m has no md5"],
    [`[{"md5": "../../x", "relpath": "a"}]`, "entry 1 of m has no md5"],
    [`[{"md5": "${md5}", "relpath": 3}]`, "entry 1 of m has no relpath"],
    [`[{"md5": "${md5}", "relpath": "/etc/passwd"}]`, 'entry 1 of m is "/etc/passwd", which is absolute'],
    [
      `[{"md5": "${md5}", "relpath": "a/../../b"}]`,
      'entry 1 of m is "a/../../b", which leads out of its folder with ".."',
    ],
    [
      `[{"md5": "${md5}", "relpath": "..\\\\b"}]`,
      'entry 1 of m is "..\\b", which leads out of its folder with ".."',
    ],
    [`[{"md5": "${md5}", "relpath": ".GIT/config"}]`, 'entry 1 of m is ".GIT/config", which leads into .git'],
    [`[{"md5": "${md5}", "relpath": "a\\u0000"}]`, 'entry 1 of m is "a\0", which holds a zero byte'],
    [`[{"md5": "${md5}", "relpath": "a"}, {"md5": "${md5}", "relpath": "a"}]`, "m lists a file twice"],
    [
      `[{"md5": "${md5}", "relpath": "a"}, {"md5": "${md5}", "relpath": "a/b"}]`,
      'm lists a file as a folder: "a/b"',
    ],
  ];
  for (const [text, message] of hostile) {
    it(`is refused: ${message}`, () => {
      assert.throws(() => parseManifest(text, "m"), { name: "UserError", message });
    });
  }
});
