import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { digestOf } from "../../../src/core/artifacts/digest.ts";
import { type Manifest, parseManifest, printManifest } from "../../../src/core/artifacts/manifest.ts";
import type { Favour } from "../../../src/core/artifacts/merge.ts";
import { manifestsWanted, mergePointer } from "../../../src/core/artifacts/merge-pointer.ts";

const known = new Map<string, Manifest>();

/** A pointer to a directory whose files have these bytes. */
function directory(files: Readonly<Record<string, string>>, more = ""): string {
  const text = printManifest(
    Object.entries(files).map(([relpath, bytes]) => ({ relpath, md5: digestOf(bytes).md5 })),
  );
  const name = `${digestOf(text).md5}.dir`;
  known.set(name, parseManifest(text, name));
  const size = Object.values(files).join("").length;
  const nfiles = Object.keys(files).length;
  return `outs:\n- md5: ${name}\n  size: ${size}\n  nfiles: ${nfiles}\n  hash: md5\n  path: images\n${more}`;
}

const file = (bytes: string, more = ""): string =>
  `outs:\n- md5: ${digestOf(bytes).md5}\n  size: ${bytes.length}\n  hash: md5\n  path: a.csv\n${more}`;

const merge = (base: string | undefined, ours: string, theirs: string, favour?: Favour) =>
  mergePointer({ base, ours, theirs }, "x.dvc", known, favour);

describe("a pointer file of two branches", () => {
  it("is the one that changed, byte for byte", () => {
    const edited = `# by hand\n${file("2")}`;
    assert.deepEqual(merge(file("1"), edited, file("1")).text, edited);
    assert.deepEqual(merge(file("1"), file("1"), edited).text, edited);
    assert.deepEqual(merge(undefined, file("1"), file("1")).conflicts, []);
  });

  it("has a directory with the files of both sides, its size and their number", () => {
    const merged = merge(
      directory({ a: "1", b: "1", c: "1" }),
      directory({ a: "22", b: "1", c: "1", o: "333" }),
      directory({ a: "1", c: "1", t: "4444" }),
    );
    assert.equal(merged.text, directory({ a: "22", c: "1", o: "333", t: "4444" }));
    assert.deepEqual(merged.conflicts, []);
    const [made] = merged.manifests;
    assert.equal(made?.name, `${digestOf(made?.text ?? "").md5}.dir`);
  });

  it("says no size where both sides made one change twice", () => {
    const merged = merge(
      directory({ a: "1" }),
      directory({ a: "1", n: "22", o: "3" }),
      directory({ a: "1", n: "22", t: "4" }),
    );
    assert.doesNotMatch(merged.text, /size:/);
    assert.match(merged.text, /nfiles: 4/);
  });

  it("says which files of a directory collide, and takes a side that is asked for", () => {
    const [base, ours, theirs] = [
      { a: "1", b: "1" },
      { a: "2", b: "1", o: "1" },
      { a: "3", b: "4" },
    ].map((files) => directory(files)) as [string, string, string];
    const { conflicts, text, manifests } = merge(base, ours, theirs);
    assert.deepEqual(conflicts, [
      'in "images" both sides changed, each its own way: a; all other files merge',
    ]);
    assert.deepEqual([text, manifests], [ours, []]);
    const chosen = merge(base, ours, theirs, "theirs");
    assert.deepEqual(chosen.conflicts, []);
    assert.match(
      chosen.text,
      new RegExp(/md5: (\S+)/.exec(directory({ a: "3", b: "4", o: "1" }))?.[1] ?? ""),
    );
  });

  it("keeps a person's words from either side, beside the bytes of the other", () => {
    const merged = merge(file("1"), file("1", "  desc: wages\nmeta: {owner: me}\n"), file("2"));
    assert.equal(merged.text, file("2", "  desc: wages\nmeta: { owner: me }\n"));
    assert.deepEqual(merge(file("1"), file("1", "  desc: x\n"), file("1", "  desc: y\n")).conflicts, [
      '"a.csv" has another "desc" on either side',
    ]);
  });

  it("does not merge bytes, nor directories whose files nobody knows", () => {
    assert.deepEqual(merge(file("1"), file("2"), file("3")).conflicts, [
      '"a.csv" has other bytes on either side',
    ]);
    const [one, two] = [directory({ a: "1" }), directory({ a: "1", b: "2" })];
    const { conflicts } = mergePointer({ base: directory({}), ours: one, theirs: two }, "x.dvc", new Map());
    assert.match(conflicts[0] ?? "", /neither in the cache nor in the remote/);
    assert.deepEqual(merge(file("1"), file("2"), file("3"), "theirs").text, file("3"));
  });

  it("takes an import as one thing", () => {
    const imported = (rev: string) =>
      `${file(rev)}deps:\n- path: a\n  repo:\n    url: u\n    rev_lock: ${rev}\n`;
    assert.match(
      merge(imported("1"), imported("2"), imported("3")).conflicts[0] ?? "",
      /trainyard update x\.dvc/,
    );
    assert.equal(merge(imported("1"), imported("2"), imported("3"), "theirs").text, imported("3"));
  });

  it("does not say of a merged directory where one side alone is stored", () => {
    const stored = (files: Readonly<Record<string, string>>): string => {
      const lines = Object.entries(files).flatMap(([relpath, bytes]) => [
        `  - relpath: ${relpath}`,
        `    md5: ${digestOf(bytes).md5}`,
        "    cloud:",
        "      s3:",
        `        version_id: v${bytes}`,
      ]);
      return `${directory(files)}  files:\n${lines.join("\n")}\n`;
    };
    const merged = merge(stored({ a: "1" }), stored({ a: "1", o: "2" }), stored({ a: "1", t: "3" }));
    assert.deepEqual(merged.conflicts, []);
    assert.equal(merged.text, directory({ a: "1", o: "2", t: "3" }));
  });

  it("asks for manifests only where directories differ", () => {
    const [one, two] = [directory({ a: "1" }), directory({ a: "2" })];
    assert.deepEqual(manifestsWanted({ base: one, ours: one, theirs: one }, "x.dvc"), []);
    assert.equal(manifestsWanted({ base: one, ours: one, theirs: two }, "x.dvc").length, 2);
    assert.throws(() => merge(file("1"), "outs: 1\n", file("2")), /x\.dvc is no pointer file/);
  });
});
