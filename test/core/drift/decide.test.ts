import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type CountedColumn,
  type DriftSettings,
  decide,
  falseIssueRate,
} from "../../../src/core/drift/decide.ts";
import { histogramOf, onlyNew } from "../../../src/core/drift/histogram.ts";
import type { ReferenceColumn } from "../../../src/core/drift/reference.ts";

const SETTINGS: DriftSettings = { psi: 0.2, minRows: 200, falseIssues: 0.01 };

const AGE: ReferenceColumn = {
  name: "age",
  kind: "number",
  min: 18,
  max: 90,
  edges: [30, 45, 60],
  counts: [250, 250, 250, 250],
  missing: 0,
  infinite: 0,
};
const SECTOR: ReferenceColumn = {
  name: "sector",
  kind: "category",
  values: ["sales", "care", "true"],
  counts: [500, 300, 100],
  other: 0,
  missing: 100,
};
const MONTH: ReferenceColumn = {
  name: "at (month)",
  of: { column: "at", part: "month" },
  kind: "category",
  values: ["1"],
  counts: [1000],
  other: 0,
  missing: 0,
};

/** A column into which values were counted, so many times each. */
function column(of: ReferenceColumn, ...values: readonly (readonly [unknown, number])[]): CountedColumn {
  const { cells, reference, cellOf } = histogramOf(of);
  const current = cells.map(() => 0);
  for (const [value, times] of values) current[cellOf(value)]! += times;
  return { name: of.name, kind: of.kind, cells, reference, current };
}

const evenly = (each: number) => [20, 40, 50, 70].map((age) => [age, each] as const);

/** The one column of a comparison. */
function only(one: CountedColumn, settings = SETTINGS) {
  const { verdict, columns } = decide([one], settings);
  assert.equal(columns.length, 1);
  return { verdict, ...columns[0]! };
}

describe("the cell of a value", () => {
  const kindOf = (of: ReferenceColumn, value: unknown): string => {
    const { cells, cellOf } = histogramOf(of);
    const cell = cells[cellOf(value)]!;
    return cell.kind === "bin" || cell.kind === "value" ? cell.label : cell.kind;
  };

  it("of a number", () => {
    for (const [value, cell] of [
      [18, "18 to 30"],
      [30, "18 to 30"],
      [30.000001, "30 to 45"],
      [90, "60 to 90"],
      [90.1, "above"],
      [17.9, "below"],
      [-0, "below"],
      [1e308, "above"],
      [null, "missing"],
      [Number.NaN, "missing"],
      ["NaN", "missing"],
      ["Infinity", "infinite"],
      [-Infinity, "infinite"],
      ["30", "strange"],
      [true, "strange"],
      [{}, "strange"],
      [[30], "strange"],
      [undefined, "strange"],
    ] as const) {
      assert.equal(kindOf(AGE, value), cell, String(value));
    }
  });

  it("of a category", () => {
    for (const [value, cell] of [
      ["sales", "sales"],
      ["Sales", "other"],
      [true, "true"],
      ["", "other"],
      ["__proto__", "other"],
      ["x".repeat(201), "other"],
      [3, "other"],
      [null, "missing"],
      [{}, "strange"],
    ] as const) {
      assert.equal(kindOf(SECTOR, value), cell, String(value));
    }
  });

  it("of a time, by its part", () => {
    for (const [value, cell] of [
      ["2001-01-31T23:59:59.999Z", "1"],
      ["2001-02-01", "other"],
      ["2001-02-31", "strange"],
      ["soon", "strange"],
      [978307200000, "strange"],
      [null, "missing"],
    ] as const) {
      assert.equal(kindOf(MONTH, value), cell, String(value));
    }
  });

  it("of a column that had one value, or none", () => {
    const constant: ReferenceColumn = { ...AGE, min: 7, max: 7, edges: [], counts: [1000] };
    assert.deepEqual(
      [7, 6.9, 7.1].map((x) => kindOf(constant, x)),
      ["7", "below", "above"],
    );
    const none: ReferenceColumn = { ...AGE, min: null, max: null, edges: [], counts: [0], missing: 1000 };
    assert.equal(kindOf(none, 3), "above");
  });
});

describe("a column", () => {
  it("is quiet where it is as in training", () => {
    const found = only(column(AGE, ...evenly(100)));
    assert.equal(found.verdict, "quiet");
    assert.deepEqual([found.psi, found.js, found.moved, found.threshold], [0, 0, false, 0.2]);
    assert.equal(found.words, "as in training");
    assert.deepEqual(found.bins[0], { label: "18 to 30", reference: 0.25, seen: 0.25 });
  });

  it("has moved where most of it did, and says where to without a value", () => {
    const found = only(column(AGE, [20, 20], [40, 20], [50, 60], [70, 300]));
    assert.equal(found.verdict, "moved");
    assert.ok(found.psi! > found.threshold!);
    assert.equal(
      found.words,
      "the highest values: 25.0% in training, 75.0% now; the lowest values: 25.0% in training, 5.0% now",
    );
  });

  it("is not called moved by chance, however large its PSI", () => {
    const settings = { ...SETTINGS, minRows: 30, psi: 0.1 };
    const few = only(column(AGE, [20, 5], [40, 8], [50, 5], [70, 12]), settings);
    assert.ok(few.psi! > 0.1 && few.psi! < few.threshold!, `${few.psi} ${few.threshold}`);
    assert.deepEqual([few.verdict, few.moved], ["quiet", false]);
    assert.match(few.words, /^PSI 0\.\d{3}, which chance alone may give for 30 rows$/);
    const many = only(column(AGE, [20, 500], [40, 800], [50, 500], [70, 1200]), settings);
    assert.deepEqual([many.verdict, many.threshold], ["moved", 0.1]);
  });

  it("is not called moved where it moved for certain, and hardly", () => {
    const found = only(column(AGE, [20, 240_000], [40, 250_000], [50, 250_000], [70, 260_000]));
    assert.deepEqual([found.verdict, found.threshold], ["quiet", 0.2]);
    assert.ok(found.psi! > 0 && found.psi! < 0.01);
  });

  const MOVED: readonly (readonly [string, CountedColumn, RegExp])[] = [
    ["goes missing", column(AGE, ...evenly(75), [null, 100]), /^missing values: 0% in training, 25.0% now/],
    [
      "is infinite",
      column(AGE, ...evenly(75), ["-Infinity", 100]),
      /^infinite values: 0% in training, 25.0% now/,
    ],
    [
      "is of another kind",
      column(AGE, ...evenly(75), ["forty", 100]),
      /^values of another kind: 0% in training, 25.0% now/,
    ],
    [
      "is larger than all of training",
      column(AGE, ...evenly(75), [120, 100]),
      /^values larger than all of training: 0% in/,
    ],
    [
      "is smaller than all of training",
      column(AGE, ...evenly(75), [-1, 100]),
      /^values smaller than all of training: 0%/,
    ],
    [
      "has a category that was not there",
      column(SECTOR, ["sales", 250], ["care", 150], ["mining", 100]),
      /^categories that were rare or not there: 0% in training, 20.0% now; one category/,
    ],
    [
      "has lost a category",
      column(SECTOR, ["care", 300], ["true", 50], [null, 50]),
      /^one category: 50.0% in training, 0% now; another: 30.0% in training, 75.0% now/,
    ],
    [
      "is another month",
      column(MONTH, ["2001-06-01", 300]),
      /^categories that were rare or not there: 0% in training, 100% now; one category/,
    ],
  ];
  for (const [name, counted, says] of MOVED) {
    it(`has moved where it ${name}`, () => {
      const found = only(counted);
      assert.equal(found.verdict, "moved");
      assert.match(found.words, says);
      for (const value of ["mining", "sales", "care", "120", "forty"])
        assert.ok(!found.words.includes(value));
    });
  }

  it("that had one value has moved where half of it has another", () => {
    const constant: ReferenceColumn = { ...AGE, min: 7, max: 7, edges: [], counts: [1000] };
    assert.equal(only(column(constant, [7, 100], [8, 100])).verdict, "moved");
    assert.equal(only(column(constant, [7, 100], [6, 100])).verdict, "moved");
    const still = only(column(constant, [7, 200]));
    assert.deepEqual([still.verdict, still.psi, still.threshold], ["quiet", 0, 0.2]);
  });

  it("that was rarely anything is no alarm for one row that is", () => {
    const found = only(column(SECTOR, ["sales", 100], ["care", 60], ["true", 20], [null, 19], ["mining", 1]));
    assert.equal(found.verdict, "quiet");
  });

  it("of which only what is new counts does not move by what comes round", () => {
    const year: ReferenceColumn = {
      ...MONTH,
      values: Array.from({ length: 12 }, (_, i) => `${i + 1}`),
      counts: Array(12).fill(100),
    };
    const march = column(year, ["2001-03-05", 400]);
    assert.equal(only(march).verdict, "moved");
    const found = only({ ...march, ...onlyNew(march) });
    assert.deepEqual([found.verdict, found.psi], ["quiet", 0]);
    const june = column(MONTH, ["2001-06-05", 400]);
    assert.equal(only({ ...june, ...onlyNew(june) }).verdict, "moved");
  });
});

describe("there is not enough data", () => {
  it("in fewer rows than are asked for", () => {
    const found = decide([column(AGE, [20, 199])], SETTINGS);
    assert.equal(found.verdict, "not enough data");
    assert.equal(found.why, "199 rows are there, and at least 200 are needed");
    const [only] = found.columns;
    assert.deepEqual([only?.moved, only?.threshold], [false, null]);
    assert.equal(only?.words, "not compared: 199 rows, and at least 200 are needed");
    assert.ok(only!.psi! > 1, "it is measured all the same");
  });

  it("in no row, one row, and no column", () => {
    for (const one of [column(AGE), column(AGE, [20, 1])]) {
      assert.equal(decide([one], SETTINGS).verdict, "not enough data");
    }
    assert.equal(decide([column(AGE)], SETTINGS).columns[0]?.psi, null);
    assert.equal(decide([], SETTINGS).why, "no column is there to be compared");
  });

  it("in hardly a training row", () => {
    const tiny: ReferenceColumn = { ...AGE, min: 18, max: 90, edges: [30], counts: [1, 2] };
    const found = decide([column(tiny, [20, 500])], SETTINGS);
    assert.equal(found.verdict, "not enough data");
    assert.match(found.why ?? "", /too few training rows/);
  });

  it("for one column, while another one answers", () => {
    const { verdict, columns } = decide(
      [column(AGE, ...evenly(100)), column(SECTOR, ["care", 20])],
      SETTINGS,
    );
    assert.equal(verdict, "quiet");
    assert.deepEqual(
      columns.map(({ threshold }) => threshold),
      [0.2, null],
    );
  });
});

describe("the promise of few false issues", () => {
  it("is shared out among the columns", () => {
    const settings = { ...SETTINGS, psi: 0.001 };
    const one = decide([column(AGE, ...evenly(100))], settings);
    const many = decide(Array(20).fill(column(AGE, ...evenly(100))), settings);
    assert.ok(many.columns[0]!.threshold! > one.columns[0]!.threshold! * 1.3);
  });

  it("is read as the contract says it", () => {
    assert.equal(falseIssueRate("1 in 100 runs"), 0.01);
    for (const text of ["2 in 100 runs", "1 in 0 runs", "often"]) {
      assert.throws(() => falseIssueRate(text), RangeError);
    }
  });
});
