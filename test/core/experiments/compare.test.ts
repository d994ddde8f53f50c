import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bestOf, compareExperiments } from "../../../src/core/experiments/compare.ts";
import { experimentsPage } from "../../../src/core/experiments/page.ts";
import { showCompared } from "../../../src/core/experiments/show-compared.ts";
import { made, metric } from "./made.ts";

const two = [
  made({
    params: { epochs: 5, "hidden.0": 8, seed: 7 },
    metrics: [metric("log_loss", 0.5), metric("f1", 0.7)],
  }),
  made({
    params: { epochs: 9, seed: 7 },
    metrics: [metric("log_loss", 0.4), metric("f1", 0.7)],
    branch: "try",
  }),
];

describe("experiments side by side", () => {
  it("show what differs, what one of them has not included, and how much is the same", () => {
    const { differs, same } = compareExperiments(two);
    assert.deepEqual(
      differs.map(({ name, values }) => [name, ...values]),
      [
        ["branch", "main", "try"],
        ["params.epochs", 5, 9],
        ["params.hidden.0", 8, null],
        ["metrics.log_loss", 0.5, 0.4],
      ],
    );
    assert.ok(same >= 10);
    const text = showCompared(compareExperiments(two), { colour: false, width: 80 });
    assert.match(text, /^hidden\.0 +8 +–$/m);
  });

  it("know the best by which way a metric is better", () => {
    assert.equal(bestOf(two, "log_loss"), two[1]);
    assert.equal(bestOf(two, "f1"), two[0], "the first of equals");
    assert.equal(bestOf(two, "dvclive.mine"), undefined);
  });
});

describe("the page of experiments", () => {
  it("draws a line for each that leads to its row, the best one last", () => {
    const page = experimentsPage(two);
    assert.deepEqual(
      [...page.matchAll(/<a href="#(experiment-\d)".*?class="line (\w+)"/g)].map(([, link, style]) => [
        link,
        style,
      ]),
      [
        ["experiment-0", "strand"],
        ["experiment-1", "candidate"],
      ],
    );
    for (const link of ["experiment-0", "experiment-1"]) assert.ok(page.includes(`<tr id="${link}">`));
    assert.doesNotMatch(page, /<script|NaN|undefined|https?:/);
  });

  it("takes names of anybody as text, and stays small whatever there is", () => {
    const evil = `"><img src=x onerror=alert(1)>\u202e`;
    const many = Array.from({ length: 400 }, (_, row) =>
      made({
        branch: evil,
        started_at: new Date(Date.UTC(2026, 0, 1) + row * 1000).toISOString(),
        params: Object.fromEntries(
          Array.from({ length: 30 }, (_, column) => [`${evil}${column}`, `${"x".repeat(500)}${row}`]),
        ),
        metrics: [
          metric("f1", row / 400),
          metric(evil, Number.MAX_VALUE),
          metric("gone", row % 2 === 0 ? null : -row),
        ],
      }),
    );
    const page = experimentsPage(many);
    assert.doesNotMatch(page, /<img|\u202e/);
    assert.ok(page.length < 2e6, `${page.length}`);
    assert.doesNotMatch(page, /[ML]NaN|,NaN/);
  });

  it("stays below 2 MB where every text is made of what takes the most room", () => {
    const quotes = '"'.repeat(300);
    const texts = (row: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, one) => [`p${one}${quotes}`, `${quotes}${row}`]));
    const many = Array.from({ length: 300 }, (_, row) =>
      made({ branch: quotes, params: texts(row, 40), tags: texts(row, 400), metrics: [metric("f1", row)] }),
    );
    const page = experimentsPage(many);
    assert.ok(Buffer.byteLength(page) < 2e6, String(Buffer.byteLength(page)));
    assert.match(page, /<h2>Experiments <small>parameters and metrics that differ/);
  });
});
