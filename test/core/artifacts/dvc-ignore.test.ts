import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ignoring } from "../../../src/core/artifacts/dvc-ignore.ts";

describe(".dvcignore", () => {
  it("has the last word where it stands nearest, and brings nothing back out of a folder that is out", () => {
    const out = ignoring([
      { folder: "", text: "# ours\n*.tmp\n/build/\n" },
      { folder: "data/raw", text: "!keep.tmp\nkeep.csv" },
      { folder: "build", text: "!*" },
    ]);
    const paths = [
      "data/a.tmp",
      "data/raw/keep.tmp",
      "data/raw/x/keep.csv",
      "data/keep.csv",
      "build/a",
      "x/build/a",
    ];
    assert.deepEqual(
      paths.filter((path) => out(path, false)),
      ["data/a.tmp", "data/raw/x/keep.csv", "build/a"],
    );
  });

  it("leaves out what Git, Mercurial and DVC keep, and other repositories, whatever it says", () => {
    const out = ignoring([{ folder: "", text: "!.git\n!.dvc\n" }], ["vendor/data"]);
    assert.deepEqual(
      [".git", "a/.git", ".dvc", "a/.dvc", ".hg", "vendor/data", "vendor"].map((path) => out(path, true)),
      [true, true, true, true, true, true, false],
    );
    assert.equal(out("vendor/data/x/y.csv", false), true);
    assert.equal(out(".dvc/cache/x", false), true);
    assert.equal(out("a/.git", false), true, "as the file of a worktree or submodule");
    assert.equal(out("a/.dvc", false), false, "a file of that name");
  });

  it("tells upper case from lower, and a folder from a file", () => {
    const out = ignoring([{ folder: "", text: "Thumbs.db\nlogs/\n" }]);
    assert.equal(out("thumbs.db", false), false);
    assert.equal(out("a/Thumbs.db", false), true);
    assert.equal(out("logs", false), false);
    assert.equal(out("logs", true), true);
  });

  it("answers for many files without remembering them all", () => {
    const out = ignoring([{ folder: "", text: "*7.bin\n" }]);
    let count = 0;
    for (let i = 0; i < 30_000; i++) if (out(`d/${i}.bin`, false)) count++;
    assert.equal(count, 3000);
  });
});
