import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { digestOf } from "../../../src/core/artifacts/digest.ts";
import { legacyDigestOf, legacyDirectory, legacyHashing } from "../../../src/core/artifacts/legacy-hash.ts";

const MIB = 2 ** 20;
const legacy = (digits: string): string => `md5-dos2unix:${digits}`;

describe("the name that DVC 2 gives", () => {
  it("takes the ends of lines for the same", () => {
    assert.equal(legacyDigestOf("line1\r\nline2\r\n"), legacy("4fcc82a88ee38e0aa16c17f512c685c9"));
    assert.equal(legacyDigestOf("line1\r\nline2\r\n"), legacyDigestOf("line1\nline2\n"));
    assert.equal(legacyDigestOf("a\rb"), legacy(digestOf("a\rb").md5));
  });

  it("leaves one that lies across two MiB", () => {
    const text = `${"x".repeat(MIB - 1)}\r\ny`;
    assert.equal(legacyDigestOf(text), legacy("725ee1f0e2ae1bb6fa0c89fb8757617b"));
    assert.notEqual(legacyDigestOf(text), legacy(digestOf(text.replace("\r\n", "\n")).md5));
  });

  for (const [what, bytes] of [
    ["a zero byte", Buffer.from("a\0b\r\n")],
    ["UTF-8 that is not English", Buffer.from("日本語\r\n")],
  ] as const) {
    it(`is md5 itself with ${what}`, () => assert.equal(legacyDigestOf(bytes), legacy(digestOf(bytes).md5)));
  }

  it("is the same however the bytes were cut", () => {
    const bytes = Buffer.from(`${"a\r\n".repeat(500_000)}${"\0\r\n".repeat(500_000)}`);
    for (const size of [1, 7919, MIB - 1, MIB, 3 * MIB]) {
      const hash = legacyHashing();
      const step = size === 1 ? 65_537 : size;
      for (let at = 0; at < bytes.length; at += step) hash.update(bytes.subarray(at, at + step));
      assert.deepEqual(hash.digest()[0], legacyDigestOf(bytes));
    }
  });

  it("is two names where text and other bytes take turns, by DVC 3's rules and by DVC 2's", () => {
    const text = "a\r\n".repeat(MIB).slice(0, MIB);
    const hash = legacyHashing();
    hash.update(Buffer.from(`${text}\0b\r\n`));
    const unix = text.replaceAll("\r\n", "\n");
    assert.deepEqual(hash.digest(), [
      legacy(digestOf(`${unix}\0b\r\n`).md5),
      legacy(digestOf(`${unix}\0b\n`).md5),
    ]);
  });

  it("of a directory is that of its files' names", () => {
    const name = legacyDigestOf("a\r\n");
    assert.equal(
      legacyDirectory([{ relpath: "a.txt", name }]),
      legacy(`${digestOf('[{"md5": "60b725f10c9c85c70d97880dfe8191b3", "relpath": "a.txt"}]').md5}.dir`),
    );
  });
});
