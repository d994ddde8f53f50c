import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseLive, printLive } from "../../../src/core/experiments/dvclive.ts";
import { parseExperiment, printExperiment } from "../../../src/core/experiments/record.ts";
import { made, metric } from "./made.ts";

/** As dvclive 3.49 leaves it; the interop tests have it written anew. */
const FILES = new Map([
  [
    "metrics.json",
    '{\n    "train": {\n        "loss": 0.25\n    },\n    "acc": 0.75,\n    "step": 3,\n    "nan": "nan"\n}\n',
  ],
  ["params.yaml", "lr: 0.1\nnet:\n  hidden:\n  - 16\n  - 8\n  act: relu\nflag: true\n"],
  ["plots/metrics/acc.tsv", "timestamp\tstep\tacc\n1795312744357\t0\t0.0\n1795312744392\t3\t0.75\n"],
  ["plots/metrics/nan.tsv", "step\tnan\n4\tnan\n"],
  ["plots/metrics/train/loss.tsv", "step\tloss\n0\t1.0\n1\t0.5\n"],
]);

describe("what DVCLive left", () => {
  it("is read as `dvc exp show` names it", () => {
    assert.deepEqual(parseLive(FILES), {
      metrics: { "train.loss": 0.25, acc: 0.75, step: 3 },
      params: { lr: 0.1, "net.hidden.0": 16, "net.hidden.1": 8, "net.act": "relu", flag: true },
      curves: [
        {
          name: "acc",
          points: [
            [0, 0],
            [3, 0.75],
          ],
        },
        {
          name: "train.loss",
          points: [
            [0, 1],
            [1, 0.5],
          ],
        },
      ],
    });
    assert.deepEqual(parseLive(new Map()), { metrics: {}, params: {}, curves: [] });
  });

  it("is refused where it is something else, and bounded where it is much", () => {
    for (const text of ["[1]", "{", "1", "null"]) {
      assert.throws(
        () => parseLive(new Map([["metrics.json", text]])),
        /"metrics.json" is not as DVCLive writes it/,
      );
    }
    const bomb = `a: &a [1]\nb: &b [*a, *a]\nc: [*b, *b]\n`;
    assert.throws(() => parseLive(new Map([["params.yaml", bomb]])), /"params.yaml" is not/);
    const long = `step\tx\n${Array.from({ length: 10_500 }, (_, step) => `${step}\t1`).join("\n")}`;
    const many = new Map(Array.from({ length: 30 }, (_, plot) => [`plots/metrics/${plot}.tsv`, long]));
    const { curves } = parseLive(many);
    assert.ok(curves.reduce((sum, { points }) => sum + points.length, 0) <= 100_000);
    assert.deepEqual(parseLive(new Map([["plots/metrics/x.tsv", "a\tb\n1\t2\n"]])).curves, []);
  });

  it("loses no record for a long text: what a record holds of it stays", () => {
    const long = `${"x".repeat(19_998)}\u{1f600}y`;
    const { params } = parseLive(new Map([["params.yaml", `note: ${long}\nother: 1\n`]]));
    assert.equal(params.note, `${"x".repeat(19_998)}…`);
    assert.equal(params.other, 1);
    assert.ok(parseExperiment(printExperiment(made({ params }))) !== undefined);
  });

  it("is what an experiment is written as", () => {
    const one = made({
      params: { "hidden.0": 16, flag: true, none: null },
      metrics: [metric("roc_auc", 0.8), metric("unknown", null)],
      curves: [
        {
          name: "loss",
          points: [
            [1, 0.5],
            [2, 0.4],
          ],
        },
        { name: "../../x", points: [[1, 1]] },
        { name: "LOSS", points: [[1, 1]] },
      ],
    });
    const files = printLive(one);
    assert.equal(files.size, 4, "one file for names that differ in letter case alone");
    assert.ok([...files.keys()].every((path) => !path.includes("..")));
    const back = parseLive(files);
    assert.deepEqual(back.params, one.params);
    assert.deepEqual(back.metrics, { roc_auc: 0.8 });
    assert.deepEqual(back.curves.find(({ name }) => name === "loss")?.points, one.curves[0]?.points);
  });
});
