import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { countChanges, type DataEntry, diffData } from "../../../src/core/artifacts/data-diff.ts";
import type { Md5 } from "../../../src/core/artifacts/digest.ts";

const file = (path: string, name: string, size = 1): DataEntry => ({ path, name: name as Md5, size });
const folder = (path: string, name: string, files?: Readonly<Record<string, string>>): DataEntry => ({
  path,
  name: `${name}.dir` as Md5,
  ...(files === undefined
    ? {}
    : { files: Object.entries(files).map(([relpath, md5]) => ({ relpath, md5: md5 as Md5 })) }),
});

const shown = (before: readonly DataEntry[], after: readonly DataEntry[]): readonly string[] =>
  diffData(before, after).changes.map((change) =>
    change.kind === "added"
      ? `+ ${change.after.path}`
      : change.kind === "deleted"
        ? `- ${change.before.path}`
        : change.kind === "modified"
          ? `~ ${change.before.path}`
          : `${change.before.path} > ${change.after.path}`,
  );

describe("data of two revisions", () => {
  it("is compared file by file, directories included", () => {
    assert.deepEqual(
      shown(
        [file("a.csv", "1"), folder("images", "d1", { "x.png": "2", "y.png": "3", "z.png": "4" })],
        [file("a.csv", "1"), folder("images", "d2", { "x.png": "2", "y.png": "5", "w.png": "6" })],
      ),
      ["~ images/", "+ images/w.png", "~ images/y.png", "- images/z.png"],
    );
  });

  it("tells what moved from what came and went", () => {
    assert.deepEqual(
      shown(
        [file("old.csv", "1"), folder("raw", "d1", { a: "2", b: "2" })],
        [file("new.csv", "1"), folder("data", "d1", { a: "2", b: "2" })],
      ),
      ["old.csv > new.csv", "raw/ > data/", "raw/a > data/a", "raw/b > data/b"],
    );
  });

  it("pairs equal files in the order of their paths, and lists the rest", () => {
    assert.deepEqual(shown([file("a", "1"), file("b", "1")], [file("c", "1")]), ["a > c", "- b"]);
    assert.deepEqual(shown([file("a", "1")], [file("b", "1"), file("c", "1")]), ["a > b", "+ c"]);
  });

  it("says of a directory without a manifest that it changed, and nothing of its files", () => {
    const diff = diffData([folder("d", "1")], [folder("d", "2", { a: "3" })]);
    assert.deepEqual(shown([folder("d", "1")], [folder("d", "2", { a: "3" })]), ["~ d/"]);
    assert.deepEqual(diff.unknown, ["d"]);
    assert.deepEqual(diffData([folder("d", "1")], [folder("d", "1")]), { changes: [], unknown: [] });
    assert.deepEqual(diffData([folder("d", "1")], []).unknown, ["d"]);
  });

  it("sees a file become a directory, and the other way round", () => {
    assert.deepEqual(shown([file("d", "1")], [folder("d", "2", { a: "3" })]), ["~ d", "+ d/a"]);
    assert.deepEqual(shown([folder("d", "2", { a: "3" })], [file("d", "1")]), ["~ d/", "- d/a"]);
  });

  it("counts files and bytes, not directories", () => {
    const count = countChanges(
      diffData(
        [file("a", "1", 10)],
        [file("a", "2", 12), { ...folder("d", "3", { x: "4" }), size: 5 }, file("b", "5", 7)],
      ),
    );
    assert.deepEqual(count.modified, { files: 1, bytes: 12 });
    assert.deepEqual(count.added, { files: 2, bytes: undefined }); // a manifest says no sizes
    assert.deepEqual(count.deleted, { files: 0, bytes: 0 });
  });
});
