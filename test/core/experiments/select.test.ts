import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findExperiment } from "../../../src/core/experiments/find.ts";
import { parseExperiment, printExperiment } from "../../../src/core/experiments/record.ts";
import { select } from "../../../src/core/experiments/select.ts";
import { showExperiment, showExperiments } from "../../../src/core/experiments/show.ts";
import { made, metric } from "./made.ts";

const at = (second: number): string => `2026-11-22T01:02:0${second}.000Z`;
const small = made({
  started_at: at(1),
  params: { "hidden.0": 8, epochs: 5 },
  metrics: [metric("roc_auc", 0.7)],
});
const large = made({ started_at: at(2), params: { "hidden.0": 32 }, metrics: [metric("roc_auc", 0.8)] });
const other = made({
  started_at: at(3),
  branch: "try.it",
  params: { "hidden.0": 64 },
  metrics: [metric("roc_auc", null)],
});
const failed = made({ started_at: at(4), status: "failed", params: { "hidden.0": 128 } });
const ALL = [small, failed, other, large];
const STYLE = { colour: false, width: 100 };

const ids = (asked: Parameters<typeof select>[1]): string[] => select(ALL, asked).map(({ id }) => id);

describe("experiments are chosen", () => {
  it("newest first, and without those that failed unless they are asked for", () => {
    assert.deepEqual(ids({}), [other.id, large.id, small.id]);
    assert.deepEqual(ids({ failed: true }), [failed.id, other.id, large.id, small.id]);
  });

  it("by a condition with names that have points, or short ones", () => {
    assert.deepEqual(ids({ where: "params.hidden.0 > 16" }), [other.id, large.id]);
    assert.deepEqual(ids({ where: "hidden.0 > 16 and roc_auc >= 0.75" }), [large.id]);
    assert.deepEqual(ids({ where: "branch = 'try.it'" }), [other.id]);
    assert.deepEqual(ids({ where: "epochs is null and started_at >= '2026-11-22 01:02:03'" }), [other.id]);
    assert.deepEqual(ids({ branch: "try.it" }), [other.id]);
  });

  it("by columns, what is missing last whichever way", () => {
    assert.deepEqual(ids({ sort: ["-roc_auc"] }), [large.id, small.id, other.id]);
    assert.deepEqual(ids({ sort: ["metrics.roc_auc"] }), [small.id, large.id, other.id]);
    assert.deepEqual(ids({ sort: ["branch", "params.hidden.0"] }), [small.id, large.id, other.id]);
  });

  it("and what cannot be asked says why", () => {
    const usage = (message: RegExp) => ({ message, exit: 2 });
    assert.throws(
      () => ids({ where: "roc_acu > 1" }),
      usage(/no experiment has a column "roc_acu"; did you mean "roc_auc"/),
    );
    assert.throws(() => ids({ where: "roc_auc" }), usage(/gives number; it is a condition/));
    assert.throws(() => ids({ where: "roc_auc >" }), usage(/^--where: /));
    assert.throws(() => ids({ where: "branch > 3" }), usage(/one kind of value, not text and number/));
    assert.throws(() => ids({ sort: ["constructor"] }), usage(/no experiment has a column "constructor"/));
  });
});

describe("an experiment", () => {
  it("is found by its id, its beginning, its digits or as the last", () => {
    assert.equal(findExperiment(ALL, large.id), large);
    assert.equal(findExperiment(ALL, large.id.slice(0, 16)), large);
    assert.equal(findExperiment(ALL, large.id.split("-")[1]!.slice(0, 6)), large);
    assert.equal(findExperiment(ALL, "last"), failed);
    assert.throws(() => findExperiment(ALL, "20261122"), /fits 4 experiments/);
    assert.throws(() => findExperiment(ALL, ""), /there is no experiment/);
    assert.throws(() => findExperiment([], "last"), /there is no experiment/);
  });

  it("made twice is the same but for its time, and reads back as it was written", () => {
    const again = made({ ...unnamed(large), started_at: at(9), duration: 1, commit: null, user: "Bob" });
    assert.equal(again.id.split("-")[1], large.id.split("-")[1]);
    assert.notEqual(made({ ...unnamed(large), params: { "hidden.0": 33 } }).id, large.id);
    assert.deepEqual(parseExperiment(printExperiment(large)), large);
    assert.equal(parseExperiment("{"), undefined);
    assert.equal(parseExperiment(JSON.stringify({ ...large, extra: 1 })), undefined);
  });

  it("is shown without what could move a terminal's cursor", () => {
    const hostile = made({
      branch: "\u001b[31mred",
      params: { "a\nb": "\u001b]0;x\u0007", constructor: "\u202e" },
      tags: { "__proto__ ": "\r" },
      metrics: [metric("m\u0000", 1)],
    });
    for (const text of [
      showExperiment(hostile, STYLE),
      showExperiments([hostile], ["id", "branch", "params.a\nb"], STYLE),
    ]) {
      assert.ok(![...text].some((character) => character !== "\n" && /\p{Cc}|\u202e/u.test(character)));
    }
  });
});

function unnamed({ id: _, schema: __, ...rest }: typeof large) {
  return rest;
}
