import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Md5 } from "../../../src/core/artifacts/digest.ts";
import type { Manifest } from "../../../src/core/artifacts/manifest.ts";
import { mergeManifests } from "../../../src/core/artifacts/merge.ts";
import { xoshiro } from "../../../src/core/stats/random.ts";

const manifest = (files: Readonly<Record<string, string>>): Manifest =>
  Object.entries(files)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([relpath, md5]) => ({ relpath, md5: md5 as Md5 }));

const dictionary = (of: Manifest): Record<string, string> =>
  Object.fromEntries(of.map(({ relpath, md5 }) => [relpath, md5]));

describe("a directory of two branches", () => {
  it("takes what either side added, changed and deleted", () => {
    const {
      manifest: whole,
      collisions,
      doubled,
    } = mergeManifests({
      base: manifest({ a: "0", b: "0", c: "0", d: "0" }),
      ours: manifest({ a: "1", c: "0", d: "0", o: "1" }),
      theirs: manifest({ a: "0", b: "0", c: "2", t: "2" }),
    });
    assert.deepEqual(dictionary(whole), { a: "1", c: "2", o: "1", t: "2" });
    assert.deepEqual([collisions, doubled], [[], false]);
  });

  it("tells files that both sides changed, each its own way", () => {
    const { manifest: whole, collisions } = mergeManifests({
      base: manifest({ a: "0", b: "0", c: "0" }),
      ours: manifest({ a: "1", c: "1", n: "1" }),
      theirs: manifest({ a: "2", b: "2", n: "2" }),
    });
    assert.deepEqual(dictionary(whole), { a: "1", c: "1", n: "1" });
    assert.deepEqual(collisions, [
      { path: "a", ours: "1", theirs: "2" },
      { path: "b", ours: undefined, theirs: "2" },
      { path: "c", ours: "1", theirs: undefined },
      { path: "n", ours: "1", theirs: "2" },
    ]);
  });

  it("does not let a file and a folder have one name", () => {
    const { collisions } = mergeManifests({
      base: [],
      ours: manifest({ x: "1" }),
      theirs: manifest({ "x/y/z": "2" }),
    });
    assert.deepEqual(collisions, [{ path: "x", ours: "1", theirs: "a folder" }]);
  });

  /* Laws that hold whatever the sides are, over many of them. */
  const draw = xoshiro([2, 0, 2, 6]);
  const some = (): Manifest => {
    const files: Record<string, string> = {};
    for (const name of ["a", "b", "c", "d/e", "d/f", "g"]) {
      const chance = draw.uniform() * 4;
      if (chance >= 1) files[name] = String(Math.floor(chance));
    }
    return manifest(files);
  };
  const cases = Array.from({ length: 500 }, () => ({ base: some(), ours: some(), theirs: some() }));

  it("is the other side where one side changed nothing, and either where both are the same", () => {
    for (const { base, ours } of cases) {
      assert.deepEqual(mergeManifests({ base, ours, theirs: base }), {
        manifest: ours,
        collisions: [],
        doubled: false,
      });
      assert.deepEqual(mergeManifests({ base, ours: base, theirs: ours }), {
        manifest: ours,
        collisions: [],
        doubled: false,
      });
      assert.deepEqual(mergeManifests({ base, ours, theirs: ours }).manifest, ours);
    }
  });

  it("collides in the same places from either side, and else is the same from either side", () => {
    let clean = 0;
    for (const { base, ours, theirs } of cases) {
      const [one, other] = [
        mergeManifests({ base, ours, theirs }),
        mergeManifests({ base, ours: theirs, theirs: ours }),
      ];
      assert.deepEqual(
        one.collisions.map(({ path }) => path),
        other.collisions.map(({ path }) => path),
      );
      if (one.collisions.length > 0) continue;
      clean++;
      assert.deepEqual(one.manifest, other.manifest);
    }
    assert.ok(clean > 10 && clean < 490, `${clean} of 500 are clean`);
  });

  it("loses nothing: each change of either side is in it, or named as a collision", () => {
    for (const { base, ours, theirs } of cases) {
      const { manifest: whole, collisions } = mergeManifests({ base, ours, theirs });
      const [was, is] = [dictionary(base), dictionary(whole)];
      const named = new Set(collisions.map(({ path }) => path));
      for (const side of [dictionary(ours), dictionary(theirs)]) {
        for (const path of new Set([...Object.keys(was), ...Object.keys(side)])) {
          if (was[path] !== side[path] && !named.has(path)) assert.equal(is[path], side[path]);
        }
      }
    }
  });
});
