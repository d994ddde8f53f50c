import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { momentOf } from "../../../src/core/drift/moment.ts";
import { logNotes } from "../../../src/core/drift/notes.ts";
import type { Reference } from "../../../src/core/drift/reference.ts";
import { seenIds } from "../../../src/core/drift/seen-ids.ts";
import { openTally, type TallyOptions } from "../../../src/core/drift/tally.ts";
import { random } from "../../../src/core/stats/random.ts";
import { shuffle } from "../../../src/core/stats/shuffle.ts";
import { instantOf } from "../../../src/core/tables/expression/calendar.ts";

const NOW = Date.parse("2026-11-21T10:00:00Z");
const REFERENCE: Reference = {
  schema: "trainyard/reference/1",
  rows: 100,
  columns: [
    { name: "age", kind: "number", min: 0, max: 9, edges: [4], counts: [50, 50], missing: 0, infinite: 0 },
    {
      name: "since (weekday)",
      of: { column: "since", part: "weekday" },
      kind: "category",
      values: ["1", "2", "3", "4", "5", "6", "7"],
      counts: [20, 20, 20, 10, 10, 10, 10],
      other: 0,
      missing: 0,
    },
  ],
  personal: ["gender"],
};

const GOOD = {
  id: "a",
  at: "2026-11-21T09:00:00.000Z",
  model: "wages",
  version: "v1.0.0",
  sha256: "ab",
  environment: "production",
  inputs: { age: 3, since: "2026-11-16T00:00:00.000Z" },
  score: 0.5,
  decision: null,
  ms: 1,
};

function counted(lines: readonly (string | object)[], options: Partial<TallyOptions> = {}) {
  const tally = openTally({
    reference: REFERENCE,
    model: "wages",
    environment: "production",
    sha256: "ab",
    from: NOW - 86_400_000,
    now: NOW,
    ...options,
  });
  for (const line of lines) tally.add(typeof line === "string" ? line : JSON.stringify({ ...GOOD, ...line }));
  return tally.tallied();
}

const NOTHING = { broken: 0, others: 0, earlier: 0, future: 0, versions: 0 };

describe("the lines of a log", () => {
  it("are counted into the cells of their columns", () => {
    const { rows, columns, from, to } = counted([
      {},
      { id: "b", at: "2026-11-21T08:00:00Z", inputs: { age: 7, since: null } },
      { id: "c", inputs: { age: null, since: "2026-11-17" } },
    ]);
    assert.equal(rows, 3);
    assert.deepEqual(columns[0]?.current, [1, 1, 0, 0, 0, 1, 0]);
    assert.deepEqual([from, to], [Date.parse("2026-11-21T08:00:00Z"), Date.parse("2026-11-21T09:00:00Z")]);
  });

  const LEFT: readonly (readonly [string, string | object, Partial<typeof NOTHING>])[] = [
    ["half a line", '{"id": "a", "at": "2026-11-', { broken: 1 }],
    ["another program's", "GET / 200", { broken: 1 }],
    ["a list", "[1, 2]", { broken: 1 }],
    ["null", "null", { broken: 1 }],
    ["no id", { id: "" }, { broken: 1 }],
    ["an id of a megabyte", { id: "x".repeat(2 ** 20) }, { broken: 1 }],
    ["a number for an id", { id: 7 }, { broken: 1 }],
    ["no time", { at: "yesterday" }, { broken: 1 }],
    ["inputs that are none", { inputs: ["age"] }, { broken: 1 }],
    ["no inputs", { inputs: undefined }, { broken: 1 }],
    ["another model's", { model: "loans" }, { others: 1 }],
    ["another environment's", { environment: "staging" }, { others: 1 }],
    ["one of before the window", { at: "2026-11-20T09:59:59.999Z" }, { earlier: 1 }],
    ["one of the future", { at: "2026-11-21T10:05:00.001Z" }, { future: 1 }],
    ["one of the year 9999", { at: "9999-12-31T23:59:59Z" }, { future: 1 }],
    ["another version's", { sha256: "cd" }, { versions: 1 }],
  ];
  for (const [name, line, left] of LEFT) {
    it(`are left out, and told of: ${name}`, () => {
      const found = counted([line, { id: "z" }]);
      assert.deepEqual(found.leftOut, { ...NOTHING, ...left });
      assert.equal(found.rows, 1);
    });
  }

  it("are taken where a clock is a little ahead, and at the edge of the window", () => {
    assert.equal(counted([{ at: "2026-11-21T10:05:00Z" }, { id: "b", at: "2026-11-20T10:00:00Z" }]).rows, 2);
  });

  it("count once for an id, whichever comes first", () => {
    const found = counted([{}, {}, { inputs: { age: 9, since: null } }, { id: "b" }]);
    assert.deepEqual([found.rows, found.repeated], [2, 2]);
    assert.deepEqual(found.columns[0]?.current.slice(0, 2), [2, 0]);
  });

  it("of any version count where nothing says which is served", () => {
    assert.equal(counted([{}, { id: "b", sha256: "cd" }], { sha256: undefined }).rows, 2);
  });

  it("say which columns they lack, have besides, and must not have", () => {
    const found = counted([{ inputs: { since: null, gender: "f", shoe: 42, __proto__: 1 } }]);
    assert.deepEqual([found.absent, found.unknown, found.personal], [["age"], ["shoe"], ["gender"]]);
    assert.deepEqual(
      found.columns.map(({ name }) => name),
      ["since (weekday)"],
    );
    const hostile = counted([
      '{"id":"a","at":"2026-11-21T09:00:00Z","model":"wages","sha256":"ab","environment":"production","inputs":{"__proto__":{"age":3},"constructor":1}}',
    ]);
    assert.deepEqual(
      [hostile.absent, hostile.unknown],
      [
        ["age", "since (weekday)"],
        ["__proto__", "constructor"],
      ],
    );
  });

  it("that lack a column now and then do not count for it", () => {
    const found = counted([{}, { id: "b", inputs: { since: null } }]);
    assert.deepEqual(
      found.columns.map(({ current }) => current.reduce((sum, count) => sum + count)),
      [1, 2],
    );
  });

  it("name twenty other columns and no more", () => {
    const inputs = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`c${i}`, 1]));
    assert.equal(counted([{ inputs }]).unknown.length, 20);
  });

  it("of a few days count only what is new of the days of a week", () => {
    const days = (count: number) =>
      counted(
        Array.from({ length: count }, (_, i) => ({
          id: `${i}`,
          inputs: { age: 1, since: `2026-11-${10 + i}` },
        })),
      ).columns[1];
    assert.deepEqual(
      days(6)?.cells.map(({ kind }) => kind),
      ["other", "missing", "strange", "known"],
    );
    assert.equal(days(7)?.cells.length, 10);
  });
});

describe("ids that were seen", () => {
  const count = (ids: readonly string[], most: number) => {
    const seen = seenIds(most);
    const levels: number[] = [];
    for (const id of ids) {
      const level = seen.add(id);
      if (level !== undefined) levels[level] = (levels[level] ?? 0) + 1;
    }
    const kept = levels.slice(seen.least).reduce((sum, one) => sum + (one ?? 0), 0);
    return { kept, least: seen.least, repeated: seen.repeated };
  };
  const ids = Array.from({ length: 100_000 }, (_, i) => `req-${i}`);

  it("are all counted while they are few", () => {
    assert.deepEqual(count([...ids, ...ids], 200_000), { kept: 100_000, least: 0, repeated: 100_000 });
  });

  it("become a sample that is the same in any order, and that copies do not change", () => {
    const plain = count(ids, 4096);
    assert.ok(plain.kept <= 4096 && plain.kept > 1024, `${plain.kept}`);
    const estimate = plain.kept * 2 ** plain.least;
    assert.ok(Math.abs(estimate / 100_000 - 1) < 0.1, `${estimate}`); // one sigma is 2 to 3 %
    const mixed = shuffle([...ids, ...ids.slice(0, 30_000)], random(1));
    assert.deepEqual([count(mixed, 4096).kept, count(mixed, 4096).least], [plain.kept, plain.least]);
  });

  it("have levels as rare as they should be, whatever the ids are like", () => {
    for (const make of [
      (i: number) => `${i}`,
      (i: number) => "x".repeat(i % 50) + i,
      (i: number) => i.toString(2),
    ]) {
      const seen = seenIds(2 ** 20);
      const levels = new Array<number>(40).fill(0);
      for (let i = 0; i < 65_536; i++) levels[seen.add(make(i)) ?? 39]!++;
      assert.equal(levels[39], 0);
      for (let level = 0; level < 6; level++) {
        const expected = 65_536 / 2 ** (level + 1);
        assert.ok(
          Math.abs(levels[level]! - expected) < 5 * Math.sqrt(expected),
          `level ${level}: ${levels[level]}`,
        );
      }
    }
  });

  it("leave the counts of the sample alone", () => {
    const lines = ids.slice(0, 5000).map((id, i) => ({ id, inputs: { age: i % 10, since: null } }));
    const found = counted(lines, { most: 500 });
    assert.ok(found.oneIn >= 8 && found.rows <= 500);
    assert.equal(
      found.columns[0]?.current.reduce((sum, one) => sum + one),
      found.rows,
    );
    assert.ok(Math.abs(found.columns[0]!.current[0]! / found.rows - 0.5) < 0.12);
  });
});

describe("what is said of a log", () => {
  const whole = { links: 0, unreadable: 0 };

  it("is nothing where nothing is odd", () => {
    assert.deepEqual(logNotes(counted([{}]), whole), []);
  });

  it("is a sentence for each oddity", () => {
    const lines = [
      {},
      {},
      "{",
      { id: "b", at: "2027-01-01T00:00:00Z" },
      { id: "c", sha256: "cd" },
      { id: "d", sha256: "cd" },
      { id: "e", inputs: { age: 1, shoe: 1, gender: "f" } },
    ];
    assert.deepEqual(logNotes(counted(lines), { links: 1, unreadable: 2 }), [
      'the log holds "gender", which the contract calls personal: no server may write that',
      'the log has "shoe", of which training counted nothing: a new column?',
      "1 line is no whole prediction, and left out",
      "1 prediction is from the future, and left out: is a server's clock wrong?",
      "2 predictions are of other versions of the model, and left out",
      "once a prediction was in the log once more, and was counted once",
      "1 link is not followed",
      "2 files or folders are unreadable",
    ]);
  });

  it("says where the predictions are that are not ours", () => {
    const found = counted([{ model: "loans" }, { at: "2020-01-01T00:00:00Z" }]);
    assert.deepEqual(logNotes(found, whole), [
      "1 line is of other models or environments",
      "1 prediction is from before the window",
    ]);
  });

  it("cuts names that anybody may have written", () => {
    const inputs = { age: 1, since: null, ["n".repeat(500)]: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1 };
    const [note = ""] = logNotes(counted([{ inputs }]), whole);
    assert.equal(
      note,
      'the log has "b", "c", "d", "e", "f" and 2 more, of which training counted nothing: a new column?',
    );
    assert.ok(
      logNotes(counted([{ inputs: { ["n".repeat(500)]: 1 } }]), whole).every((one) => one.length < 200),
    );
  });
});

describe("a time of a log", () => {
  it("is read as the dialect reads it", () => {
    const texts = [
      "2001-02-29",
      "2000-02-29",
      "2001-04-31",
      "2001-04-30",
      "1969-12-31",
      "0050-01-01",
      "2001-13-01",
    ]
      .flatMap((day) => [
        day,
        `${day} 10:00`,
        `${day}T23:59:59.999Z`,
        `${day}T24:00:00.000Z`,
        `${day}T10:61:00.000Z`,
      ])
      .concat([
        "",
        "now",
        "Mon- Jan T1 2001 10:00 Z",
        "2001-01-01T10:00:00.00xZ",
        "2001-01-01T10:00:00,000Z",
      ]);
    for (const text of texts) {
      assert.equal(momentOf(text), instantOf(text), text);
      assert.equal(momentOf(text), instantOf(text), `${text} again`);
    }
  });
});
