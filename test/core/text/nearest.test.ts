import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { editDistance, nearest } from "../../../src/core/text/nearest.ts";

const KEYS = ["epochs", "batch_size", "learning_rate", "l2", "early_stopping"];

describe("the nearest word", () => {
  const meant: readonly (readonly [string, readonly string[], string | undefined])[] = [
    ["epoch", KEYS, "epochs"],
    ["EPOCHS", KEYS, "epochs"],
    ["learnign_rate", KEYS, "learning_rate"],
    ["learning-rate", KEYS, "learning_rate"],
    ["batch", KEYS, "batch_size"],
    ["rate", KEYS, "learning_rate"],
    ["l1", KEYS, undefined], // one letter of two is not near
    ["L2", KEYS, "l2"],
    ["dropout", KEYS, undefined],
    ["", KEYS, undefined],
    ["f1_score", ["accuracy", "f1", "f1_macro"], "f1"],
    ["auc", ["average_precision", "roc_auc"], "roc_auc"],
    ["cat", ["bat", "hat"], "bat"], // of equally near ones the first
    ["anything", [], undefined],
  ];
  for (const [word, words, expected] of meant) {
    it(`to "${word}" is ${expected}`, () => assert.equal(nearest(word, words), expected));
  }

  it("is found for a word of a megabyte too", () => {
    assert.equal(nearest("x".repeat(1_000_000), KEYS), undefined);
  });
});

/* Optimal string alignment, from the textbook's examples. */
describe("the edit distance", () => {
  const pairs: readonly (readonly [string, string, number])[] = [
    ["kitten", "sitting", 3],
    ["ca", "ac", 1],
    ["ca", "abc", 3], // the unrestricted distance would be 2
    ["abc", "", 3],
    ["same", "same", 0],
  ];
  for (const [a, b, slips] of pairs) {
    it(`of "${a}" and "${b}" is ${slips}`, () => {
      assert.equal(editDistance(a, b), slips);
      assert.equal(editDistance(b, a), slips);
    });
  }
});
