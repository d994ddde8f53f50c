import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openPorts } from "../../src/adapters/open.ts";
import { NEEDS_ALL } from "../../src/core/measures/streamed/streamed.ts";
import type { Report } from "../../src/core/report/report.ts";
import { EXIT, UserError } from "../../src/errors.ts";
import evaluate from "../../src/stages/evaluate.ts";

const room = mkdtempSync(join(tmpdir(), "trainyard-stream-"));
const ports = openPorts({ folder: room, stream: process.stderr, environment: {} });
after(() => ports.close());

before(() => {
  const rows = Array.from({ length: 700 }, (_, row) => {
    const truth = row % 3 === 0;
    const score = ((row * 37) % 101) / 202 + (truth ? 0.4 : 0.1);
    return `${row},${truth ? "yes" : "no"},${score},${score >= 0.5 ? "yes" : "no"},${row % 7},${(row % 7) + score}`;
  });
  writeFileSync(join(room, "p.csv"), `id,paid,score,said,days,guess\n${rows.join("\n")}\n`);
  writeFileSync(join(room, "holes.csv"), "paid,score\nyes,0.9\n,0.2\nno,0.1\n");
  writeFileSync(join(room, "nan.parquet.csv"), "paid,score\nyes,0.9\nno,nan\n");
  writeFileSync(join(room, "empty.csv"), "paid,score\n");
});

const DEFAULTS = {
  task: "auto",
  takes: "auto",
  resamples: 100,
  predictions: "p.csv",
  label: "paid",
  score: "score",
};

async function asked(more: Readonly<Record<string, unknown>> = {}): Promise<Report> {
  return (await evaluate.run({ ...DEFAULTS, positive: "yes", ...more } as never, ports)).json as Report;
}

function refused(promise: Promise<unknown>, message: RegExp, exit: number = EXIT.failed): Promise<void> {
  return assert.rejects(promise, (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    assert.match(error.message, message);
    assert.equal(error.exit ?? EXIT.failed, exit);
    return true;
  });
}

describe("evaluate --stream", () => {
  it("says of a file what evaluate says, but for what needs all rows at once", async () => {
    for (const more of [
      {},
      { prediction: "said" },
      { prediction: "said", score: undefined, threshold: undefined },
    ]) {
      const [whole, stream] = [await asked(more), await asked({ ...more, stream: true })];
      assert.equal(stream.subject.rows.holdout, 700);
      assert.deepEqual(stream.confusion, whole.confusion);
      let left = 0;
      for (const row of stream.metrics) {
        const other = whole.metrics.find(({ name }) => name === row.name);
        if (row.reason === NEEDS_ALL) left++;
        else assert.ok(Math.abs((row.value ?? 0) - (other?.value ?? 0)) < 1e-12, row.name);
      }
      assert.ok(left > 0 && left < stream.metrics.length / 2, `${left} of ${stream.metrics.length}`);
    }
  });

  it("measures numbers", async () => {
    const more = { label: "days", score: "guess", positive: undefined, task: "regression" };
    const [whole, stream] = [await asked(more), await asked({ ...more, stream: true })];
    for (const name of ["mae", "rmse", "r2"]) {
      const [own, other] = [stream, whole].map(
        ({ metrics }) => metrics.find((row) => row.name === name)!.value!,
      );
      assert.ok(Math.abs(own! - other!) < 1e-9, name);
    }
  });

  it("refuses what holds rows beside each other", async () => {
    const stream = true;
    await refused(
      asked({ stream, sensitive: "said" }),
      /^--sensitive asks for rows beside each other/,
      EXIT.usage,
    );
    await refused(asked({ stream, baseline: "p.csv", key: "id" }), /^--baseline asks/, EXIT.usage);
    await refused(asked({ stream, task: "ranking" }), /ranking needs all rows at once/, EXIT.usage);
    await refused(
      asked({ stream, predictions: undefined, model: "m.onnx" }),
      /^--stream goes with --predictions/,
      EXIT.usage,
    );
  });

  it("counts rows without a label or a number, and measures nothing of them", async () => {
    const stream = true;
    await refused(asked({ stream, predictions: "holes.csv" }), /^1 of 3 rows in holes.csv has no "paid"/);
    await refused(
      asked({ stream, predictions: "nan.parquet.csv" }),
      /^1 of 2 rows in nan.parquet.csv has no "score"/,
    );
    await refused(asked({ stream, predictions: "empty.csv" }), /empty.csv has no rows/);
    await refused(asked({ stream, score: "scor" }), /has no column "scor"; did you mean "score"/);
  });
});
