import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Recipe } from "../../../src/core/features/recipe.ts";
import { parseBundle } from "../../../src/core/models/bundle.ts";
import { type Decision, decisionMisfit } from "../../../src/core/models/decision-fit.ts";
import { type LabelThreshold, saidThresholds } from "../../../src/core/models/label-thresholds.ts";
import { howDecided, unchosen } from "../../../src/core/report/sections/thresholds.ts";
import { metadataAnswer } from "../../../src/core/serving/metadata.ts";

const LABELS = ["rain", "snow"];
const SAID = saidThresholds({ rain: 0.3 }, LABELS);
const CHOSEN: LabelThreshold[] = [
  { label: "rain", threshold: 0.42, by: "chosen", value: 0.8 },
  { label: "snow", threshold: 0.5, by: "default" },
];
const FIXED = { threshold: null, thresholds: SAID, decided: "fixed in the contract" };
const BEST = { threshold: null, thresholds: CHOSEN, decided: "each maximizes f1 on 90 validation rows" };
const changed = (list: readonly LabelThreshold[], at: number, more: Partial<LabelThreshold>) =>
  list.map((one, place) => (place === at ? { ...one, ...more } : one));

describe("what decides in a given model", () => {
  const by: Decision = { threshold: { rain: 0.3 } };
  const best: Decision = { maximize: "f1" };
  const misfit = (bundle: Parameters<typeof decisionMisfit>[0], how: Decision) =>
    decisionMisfit(bundle, how, "multilabel", LABELS);

  it("is what the contract says of each label", () => {
    assert.equal(misfit(FIXED, by), undefined);
    assert.equal(misfit(BEST, best), undefined);
    assert.equal(misfit({ threshold: 0.4, decided: "fixed in the contract" }, { threshold: 0.4 }), undefined);
  });

  const said = 'its threshold of "rain" was not chosen, and is said to be';
  const like = "nobody chooses a threshold like that";
  const wrong: readonly [string, Parameters<typeof decisionMisfit>[0], Decision, string][] = [
    [
      "another number",
      { ...FIXED, thresholds: changed(SAID, 1, { threshold: 0.1 }) },
      by,
      'its threshold of "snow" is 0.1, and the contract\'s is 0.5',
    ],
    [
      "a choice that nobody made",
      { ...FIXED, thresholds: changed(SAID, 0, { by: "chosen", value: 1 }) },
      by,
      said,
    ],
    ["a value of what was said", { ...FIXED, thresholds: changed(SAID, 0, { value: 1 }) }, by, said],
    ["other words", { ...FIXED, decided: "fixed by the weather" }, by, like],
    [
      "one threshold for all",
      { threshold: 0.3, decided: "fixed in the contract" },
      by,
      "it has one threshold, and the contract has one for each label",
    ],
    ["none at all", { threshold: null, decided: null }, best, "it has no thresholds"],
    [
      "another label",
      { ...BEST, thresholds: changed(CHOSEN, 1, { label: "hail" }) },
      best,
      "its thresholds are not those of the contract's labels",
    ],
    [
      "a label too few",
      { ...BEST, thresholds: CHOSEN.slice(1) },
      best,
      "its thresholds are not those of the contract's labels",
    ],
    [
      "another order",
      { ...BEST, thresholds: CHOSEN.toReversed() },
      best,
      "its thresholds are not those of the contract's labels",
    ],
    [
      "said ones where they are chosen",
      { ...BEST, thresholds: changed(CHOSEN, 0, { by: "said" }) },
      best,
      'nobody chooses a threshold of "rain" like that',
    ],
    [
      "a choice without a value",
      { ...BEST, thresholds: changed(CHOSEN, 0, { value: undefined }) },
      best,
      'nobody chooses a threshold of "rain" like that',
    ],
    [
      "a usual one that is not",
      { ...BEST, thresholds: changed(CHOSEN, 1, { threshold: 0.9 }) },
      best,
      'nobody chooses a threshold of "snow" like that',
    ],
    ["another metric", { ...BEST, decided: "each maximizes f2 on 90 validation rows" }, best, like],
    [
      "a sentence of its own",
      { ...BEST, decided: "each maximizes f1 on 90 validation rows, approved" },
      best,
      like,
    ],
    ["no word of how", { ...BEST, decided: null }, best, like],
    [
      "thresholds where one decides",
      FIXED,
      { threshold: 0.3 },
      "it has a threshold for each label, and the contract has none",
    ],
  ];
  for (const [title, bundle, how, message] of wrong) {
    it(`is refused with ${title}`, () => assert.equal(misfit(bundle, how), message));
  }

  it("has no labels' thresholds where there are two classes", () => {
    assert.equal(
      decisionMisfit(FIXED, { threshold: 0.5 }, "binary-classification", LABELS),
      "it has a threshold for each label, and the contract has none",
    );
  });
});

describe("a model's description", () => {
  const described = {
    schema: "trainyard/model/1",
    model: "weather",
    task: "multilabel",
    label: "rain",
    classes: LABELS,
    ...BEST,
    trainer: "command",
    runtime: "onnxruntime",
    kind: "onnx",
    file: "model.onnx",
    takes: "features",
    rows: { train: 10, validation: 90 },
  };
  const read = (more: object) => parseBundle(JSON.stringify({ ...described, ...more }), "models/weather");

  it("has thresholds of its labels, in their order", () => {
    assert.deepEqual(read({}).thresholds, CHOSEN);
    assert.equal(read({ thresholds: undefined, threshold: 0.4 }).thresholds, undefined);
  });

  it("tells who asks a server from where up each label is decided on", () => {
    const { trainyard } = JSON.parse(
      metadataAnswer(read({}), { inputs: [] } as unknown as Recipe, 2, "v1.0.0"),
    );
    assert.deepEqual(
      [trainyard.threshold, trainyard.thresholds],
      [null, CHOSEN.map(({ label, threshold }) => ({ label, threshold }))],
    );
    const one = metadataAnswer(
      read({ thresholds: undefined, threshold: 0.4 }),
      { inputs: [] } as unknown as Recipe,
      2,
      "v1.0.0",
    );
    assert.ok(!("thresholds" in JSON.parse(one).trainyard));
  });

  it("is refused where they would decide for other labels, or beside another threshold", () => {
    const right = /thresholds: one for each label, in their order, in place of threshold, is right/;
    assert.throws(() => read({ classes: LABELS.toReversed() }), right);
    assert.throws(() => read({ classes: [...LABELS, "hail"] }), right);
    assert.throws(() => read({ threshold: 0.5 }), right);
    assert.throws(() => read({ task: "multiclass-classification" }), right);
    const text = JSON.stringify(described).replace("0.42", "1e999");
    assert.throws(() => parseBundle(text, "models/weather"), /thresholds\.0\.threshold/);
  });
});

describe("thresholds in a report", () => {
  const writing = { code: (name: string) => `[${name}]`, text: (words: string) => `<${words}>`, most: 2 };
  const many = saidThresholds({ "c\n": 0.25 }, [
    "a",
    "c\n",
    ...Array.from({ length: 98 }, (_, at) => `l${at}`),
  ]);

  it("stand with how they were chosen, and name the labels that have none to choose", () => {
    assert.deepEqual(howDecided(BEST, writing), [
      "Decision thresholds",
      "[rain] 0.42, [snow] 0.5, <each maximizes f1 on 90 validation rows>; one class only there: [snow]",
    ]);
    assert.deepEqual(howDecided({ threshold: null, thresholds: many, decided: null }, writing), [
      "Decision thresholds",
      "[a] 0.5, [c\n] 0.25 and 98 more",
    ]);
    assert.equal(howDecided({ threshold: null, decided: null }, writing), undefined);
  });

  it("warn where none could be chosen, with few names", () => {
    const none = many.map(({ label }): LabelThreshold => ({ label, threshold: 0.5, by: "default" }));
    assert.match(
      unchosen({ thresholds: none })!.text,
      /^100 of 100 labels have one class only .*, l7 and 90 more$/s,
    );
    assert.equal(unchosen({ thresholds: many }), undefined);
    assert.equal(unchosen({ thresholds: CHOSEN.slice(0, 1) }), undefined);
  });
});
