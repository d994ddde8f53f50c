import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { crossValidate } from "../../../src/adapters/trainers/cross-validate.ts";
import { takeRows } from "../../../src/core/tables/matrix.ts";
import { request, wages } from "./wages.ts";

describe("cross-validation", () => {
  it("measures classes on rows that were not seen", async () => {
    const found = await crossValidate(
      request(wages.high, { params: { epochs: 10, learning_rate: 0.03 } }),
      4,
    );
    assert.equal(found.folds, 4);
    const [auc, loss] = found.spreads;
    assert.equal(auc!.values.length, 4);
    assert.ok(auc!.mean > 0.7 && auc!.mean < 0.85, `${auc!.mean}`);
    assert.ok(loss!.mean < Math.log(2) && auc!.deviation > 0);
    assert.match(
      found.text,
      /^ROC AUC 0\.\d+ ± 0\.\d+, Log loss 0\.\d+ ± 0\.\d+ \(mean ± standard deviation of 4 folds\)$/,
    );
  });

  it("is the same with the same seed, and another with another", async () => {
    const asked = request(wages.high, { params: { epochs: 2 } });
    const first = await crossValidate(asked, 3);
    assert.deepEqual(await crossValidate(asked, 3), first);
    assert.notDeepEqual(await crossValidate({ ...asked, seed: 8 }, 3), first);
  });

  it("measures numbers and many classes", async () => {
    const number = request(wages.wage, {
      task: "regression",
      classes: 0,
      with: "linear",
      params: { epochs: 3 },
    });
    assert.deepEqual(
      (await crossValidate(number, 2)).spreads.map((spread) => spread.name),
      ["rmse", "r2"],
    );
    const many = request(wages.occupation, {
      task: "multiclass-classification",
      classes: 6,
      params: { epochs: 3 },
    });
    assert.deepEqual(
      (await crossValidate(many, 2)).spreads.map((spread) => spread.name),
      ["accuracy", "log_loss"],
    );
  });

  it("refuses more folds than rows", async () => {
    await assert.rejects(
      crossValidate(request(takeRows(wages.high, [0, 1])), 3),
      /cross_validate is 3.*2 training rows/,
    );
  });
});
