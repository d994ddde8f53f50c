import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mergeStages } from "../../../src/core/artifacts/merge-stages.ts";

/** A lock of DVC's with a digest for each stage. */
const lock = (stages: Readonly<Record<string, string>>, head = "schema: '2.0'\n"): string =>
  `${head}stages:\n${Object.entries(stages)
    .map(
      ([name, md5]) =>
        `  ${name}:\n    cmd: python ${name}.py\n    outs:\n    - path: ${name}\n      md5: ${md5}\n`,
    )
    .join("")}`;

const merged = (
  base: Readonly<Record<string, string>> | undefined,
  ours: Readonly<Record<string, string>>,
  theirs: Readonly<Record<string, string>>,
) => mergeStages({ base: base && lock(base), ours: lock(ours), theirs: lock(theirs) }, "dvc.lock");

describe("a lock", () => {
  it("takes each stage from the side that ran it", () => {
    const { text, collisions } = merged(
      { a: "0", b: "0", c: "0" },
      { a: "1", b: "0", c: "0" },
      { a: "0", b: "0", c: "2" },
    );
    assert.equal(text, lock({ a: "1", b: "0", c: "2" }));
    assert.deepEqual(collisions, []);
  });

  it("takes new stages where they stand on their side, and drops what one side dropped", () => {
    assert.equal(
      merged({ a: "0", z: "0" }, { a: "0", o: "1", z: "0" }, { a: "0", t: "1" }).text,
      lock({ a: "0", t: "1", o: "1" }),
    );
    assert.equal(merged(undefined, { a: "1" }, { b: "1" }).text, lock({ b: "1", a: "1" }));
  });

  it("tells stages that both sides ran to different ends, and leaves nothing else to be told", () => {
    const { text, collisions, left } = merged({ a: "0", b: "0" }, { a: "1", b: "1" }, { a: "0", b: "2" });
    assert.equal(text, lock({ a: "1", b: "1" }));
    assert.deepEqual(
      collisions.map(({ path }) => path),
      ["b"],
    );
    assert.deepEqual(left, {
      base: lock({ a: "1", b: "0" }),
      ours: lock({ a: "1", b: "1" }),
      theirs: lock({ a: "1", b: "2" }),
    });
  });

  it("does not mind how a stage is written, and knows a number from its like", () => {
    const base = "schema: '2.0'\nstages:\n  a:\n    cmd: x\n    params: {p: 1}\n";
    const other = "schema: '2.0'\nstages:\n  a:\n    params:\n      p: 1\n    cmd: 'x'\n";
    assert.deepEqual(mergeStages({ base, ours: base, theirs: other }, "dvc.lock").text, base);
    const float = base.replace("1", "1.0");
    assert.deepEqual(mergeStages({ base, ours: base, theirs: float }, "dvc.lock").text, float);
  });

  it("keeps what stands around the stages, and knows a lock of nothing", () => {
    const head = "# by hand\nschema: '2.0'\ndatasets:\n- name: x\n";
    const { text } = mergeStages(
      { base: lock({ a: "0" }), ours: lock({ a: "0" }, head), theirs: lock({ a: "1" }) },
      "dvc.lock",
    );
    assert.equal(text, lock({ a: "1" }, head));
    const nothing = "schema: trainyard/lock/1\nstages: {}\n";
    const one = "schema: trainyard/lock/1\nstages:\n  a:\n    b: 1\n";
    assert.equal(mergeStages({ base: nothing, ours: one, theirs: nothing }, "l").text, one);
    assert.equal(mergeStages({ base: one, ours: one, theirs: nothing }, "l").text, nothing);
  });

  it("is refused where it is none", () => {
    assert.throws(
      () => mergeStages({ base: "", ours: "a: 1\n", theirs: lock({}) }, "dvc.lock"),
      /dvc\.lock is no lock/,
    );
    const bomb = "a: &a 1\nstages: {b: *a}\n";
    assert.throws(() => mergeStages({ base: "", ours: bomb, theirs: bomb }, "dvc.lock"), /alias/);
  });
});
