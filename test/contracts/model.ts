import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { UserError } from "../../src/errors.ts";
import type { Model, ModelExpectation } from "../../src/ports/model.ts";

/** A model under test, and what it must answer. */
export interface Subject {
  readonly features: Float32Array;
  readonly rows: number;
  /** Scores of all rows, row by row. */
  readonly scores: readonly number[];
  readonly expects: ModelExpectation;
  open(expects: ModelExpectation): Promise<Model>;
}

const TOLERANCE = 1e-6; // of one float32 computation against another

/** What every model runtime keeps to: the port `Model`. */
export function modelContract(name: string, { features, rows, scores, expects, open }: Subject): void {
  describe(name, () => {
    let model: Model;
    before(async () => {
      model = await open(expects);
    });
    after(() => model.close());

    const width = features.length / rows;
    const outputs = scores.length / rows;
    const near = (values: ArrayLike<number>, wanted: readonly number[], what: string) => {
      assert.equal(values.length, wanted.length);
      for (const [i, score] of wanted.entries())
        assert.ok(
          Math.abs(values[i]! - score) <= TOLERANCE * Math.max(1, Math.abs(score)),
          `${what}, ${i}: ${values[i]}, not ${score}`,
        );
    };

    it("names its runtime and version", () => assert.match(model.runtime, /^[a-z.-]+ \d+\.\d+\.\d+/));

    it("answers as its reference does", async () => {
      const given = await model.predict(features, rows);
      assert.equal(given.outputs, outputs);
      near(given.values, scores, "score");
    });

    it("answers for one row as for many, and for no rows", async () => {
      const one = await model.predict(features.slice(width, 2 * width), 1);
      near(one.values, scores.slice(outputs, 2 * outputs), "score of the second row");
      assert.equal((await model.predict(new Float32Array(0), 0)).values.length, 0);
    });

    it("answers for more rows than it takes at once, from a part of a larger array", async () => {
      const times = 2000;
      const large = new Float32Array(features.length * times + 3);
      for (let i = 0; i < times; i++) large.set(features, 3 + i * features.length);
      const given = await model.predict(large.subarray(3), rows * times);
      assert.equal(given.values.length, scores.length * times);
      near(given.values.slice(-scores.length), scores, "score of the last rows");
    });

    it("gives the same bits when it is asked again", async () => {
      const [first, second] = [await model.predict(features, rows), await model.predict(features, rows)];
      assert.deepEqual(first.values, second.values);
    });

    it("refuses rows of another width", async () => {
      await assert.rejects(model.predict(features, rows + 1), UserError);
    });

    it("is not opened where the contract has another width", async () => {
      await assert.rejects(open({ ...expects, width: width + 1 }), (error: Error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, new RegExp(`${width} features.*${width + 1}`));
        return true;
      });
    });

    it("is not opened for a task that its outputs do not fit", async () => {
      const other: ModelExpectation = { task: "multiclass-classification", outputs: 7, width };
      await assert.rejects(open(other), UserError);
    });
  });
}
