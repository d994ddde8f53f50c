import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, beforeEach, describe, it } from "node:test";
import type { Reference } from "../../src/core/drift/reference.ts";
import { UserError } from "../../src/errors.ts";
import { readLines } from "../../src/works/log-files.ts";
import {
  driftSettings,
  type MeasureRequest,
  measure,
  referenceOf,
  windowOf,
} from "../../src/works/monitor-measure.ts";

const NOW = new Date("2026-11-21T10:00:00Z");
const REFERENCE: Reference = {
  schema: "trainyard/reference/1",
  rows: 1000,
  columns: [
    {
      name: "age",
      kind: "number",
      min: 0,
      max: 99,
      edges: [24, 49, 74],
      counts: [250, 250, 250, 250],
      missing: 0,
      infinite: 0,
    },
    { name: "sector", kind: "category", values: ["sales", "care"], counts: [700, 300], other: 0, missing: 0 },
  ],
  personal: ["gender"],
};

const top = mkdtempSync(join(tmpdir(), "trainyard-log-"));
after(() => rmSync(top, { recursive: true, force: true }));
let log = "";
let worlds = 0;
beforeEach(() => {
  log = join(top, `${++worlds}`);
});

/** A line as a server writes it; rows are numbered through. */
function line(i: number, more: object = {}): string {
  return JSON.stringify({
    id: `r-${i}`,
    at: "2026-11-20T10:00:00.000Z",
    model: "wages",
    version: "v1.0.0",
    sha256: "ab",
    environment: "production",
    inputs: { age: i % 100, sector: i % 10 < 7 ? "sales" : "care" },
    score: 0.5,
    decision: null,
    ms: 0.2,
    ...more,
  });
}

const lines = (count: number, more: (i: number) => object = () => ({})): string[] =>
  Array.from({ length: count }, (_, i) => line(i, more(i)));

function write(name: string, content: readonly string[] | string): void {
  const path = join(log, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === "string" ? content : `${content.join("\n")}\n`);
}

const FILE = "wages/2026-11-20/a-1.jsonl";

function look(request: Partial<MeasureRequest> = {}) {
  const progress = { start: () => ({ update() {}, end() {} }), say() {} };
  return measure(
    { folder: top, progress, signal: new AbortController().signal },
    {
      log,
      reference: REFERENCE,
      model: "wages",
      environment: "production",
      served: { sha256: "ab", version: "v1.0.0" },
      window: windowOf("7d"),
      now: NOW,
      settings: driftSettings({ psi: 0.2, min_rows: 200, false_issues: "1 in 100 runs" }),
      ...request,
    },
  );
}

describe("a log beside the training rows", () => {
  it("is quiet where nothing moved", async () => {
    write(FILE, lines(300));
    write("wages/2026-11-21/b-1.jsonl", [line(301, { at: "2026-11-21T09:00:00Z" })]);
    const found = await look();
    assert.equal(found.verdict, "quiet");
    assert.deepEqual([found.rows, found.why, found.notes], [301, null, []]);
    assert.deepEqual(found.window, { from: "2026-11-20T10:00:00.000Z", to: "2026-11-21T09:00:00.000Z" });
    assert.deepEqual(
      found.columns.map(({ name, moved }) => [name, moved]),
      [
        ["age", false],
        ["sector", false],
      ],
    );
  });

  it("has moved where a column did, which is named with its evidence", async () => {
    write(
      FILE,
      lines(300, (i) => ({ inputs: { age: 150 + (i % 10), sector: "sales" } })),
    );
    const found = await look();
    assert.equal(found.verdict, "moved");
    const [age] = found.columns;
    assert.ok(age?.moved && age.psi! > 1 && age.js === 1);
    assert.match(age.words, /^values larger than all of training: 0% in training, 100% now/);
    assert.deepEqual(age.bins.at(-1), { label: "more than in training", reference: 0, seen: 1 });
  });

  it("counts what was written twice once, by the same or another server", async () => {
    write(FILE, [...lines(300), ...lines(300)]);
    write("wages/2026-11-20/b-1.jsonl", lines(300));
    const found = await look();
    assert.deepEqual(
      [found.rows, found.notes],
      [300, ["600 times a prediction was in the log once more, and was counted once"]],
    );
  });

  it("is of the model that is served, its environment and the window alone", async () => {
    write(FILE, [
      ...lines(300),
      ...lines(50, (i) => ({ id: `v-${i}`, sha256: "cd", inputs: { age: 999, sector: "x" } })),
      ...lines(50, (i) => ({ id: `f-${i}`, at: "2027-01-01T00:00:00Z" })),
      ...lines(50, (i) => ({ id: `e-${i}`, environment: "staging" })),
      ...lines(50, (i) => ({ id: `w-${i}`, at: "2026-11-13T00:00:00Z" })),
    ]);
    write("wages/2026-10-01/a-1.jsonl", "not even looked at\n");
    write(
      "loans/2026-11-20/a-1.jsonl",
      lines(50, (i) => ({ id: `m-${i}`, model: "loans" })),
    );
    const found = await look();
    assert.deepEqual([found.verdict, found.rows], ["quiet", 300]);
    assert.deepEqual(found.notes, [
      "50 predictions are from the future, and left out: is a server's clock wrong?",
      "50 predictions are of other versions of the model, and left out",
    ]);
  });

  it("may be the model's own folder of it, or a link to it", async () => {
    write(FILE, lines(300));
    assert.equal((await look({ log: join(log, "wages") })).rows, 300);
    const link = join(top, "link");
    symlinkSync(log, link);
    assert.equal((await look({ log: link })).rows, 300);
  });

  it("leads nowhere else by its links", async () => {
    write(FILE, lines(200));
    const outside = join(top, "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "x.jsonl"), `${lines(300, (i) => ({ id: `x-${i}` })).join("\n")}\n`);
    symlinkSync(outside, join(log, "wages", "2026-11-21"));
    symlinkSync(join(outside, "x.jsonl"), join(log, "wages", "x.jsonl"));
    const found = await look();
    assert.deepEqual([found.rows, found.notes], [200, ["2 links are not followed"]]);
    const reader = { line() {}, tooLong() {}, read() {} };
    await assert.rejects(readLines(join(log, "wages", "x.jsonl"), reader), { code: "ELOOP" });
  });

  it("loses a file that cannot be read, and says so", async () => {
    write(FILE, lines(300));
    mkdirSync(join(log, "wages", "2026-11-21", "folder.jsonl"), { recursive: true });
    assert.deepEqual((await look()).notes, []);
    const reader = { line() {}, tooLong() {}, read() {} };
    assert.equal(await readLines(join(log, "wages"), reader), false);
  });

  it("says where a column is new, gone, or nobody's to log", async () => {
    write(
      FILE,
      lines(300, (i) => ({ inputs: { age: i % 100, shoe: 42, gender: "f" } })),
    );
    const found = await look();
    assert.equal(found.verdict, "quiet");
    assert.deepEqual(
      found.columns.map(({ name }) => name),
      ["age"],
    );
    assert.deepEqual(found.notes, [
      'the log holds "gender", which the contract calls personal: no server may write that',
      '"sector" is in no line of the log, and could not be compared',
      'the log has "shoe", of which training counted nothing: a new column?',
    ]);
  });

  it("is read across pieces, with long lines, empty ones, and Windows' ends", async () => {
    const wide = lines(300, (i) => ({ note: "x".repeat(i * 30) })); // 1.4 MB
    write(FILE, `${wide.join("\r\n\n")}\n${line(900, { note: "y".repeat(2 ** 21) })}\n${line(901)}`);
    const found = await look();
    assert.deepEqual([found.rows, found.notes], [301, ["1 line is no whole prediction, and left out"]]);
  });

  it("stops where it is told to", async () => {
    write(FILE, lines(300));
    const progress = { start: () => ({ update() {}, end() {} }), say() {} };
    const ports = { folder: top, progress, signal: AbortSignal.abort(new UserError("enough")) };
    await assert.rejects(
      measure(ports, {
        log,
        reference: REFERENCE,
        model: "wages",
        environment: "production",
        served: null,
        window: 1,
        now: NOW,
        settings: { psi: 0.2, minRows: 200, falseIssues: 0.01 },
      }),
      /enough/,
    );
  });
});

describe("there is not enough data", () => {
  interface Case {
    readonly name: string;
    readonly make?: () => void;
    readonly asked?: Partial<MeasureRequest>;
    readonly says: RegExp;
    readonly rows: number;
  }
  const file = (content: readonly string[] | string) => () => write(FILE, content);
  const NONE: readonly Case[] = [
    { name: "without a folder", says: /^there is no folder "\d+" of predictions$/, rows: 0 },
    {
      name: "in a file in its place",
      make: () => writeFileSync(log, "x"),
      says: /^there is no folder/,
      rows: 0,
    },
    {
      name: "in an empty folder",
      make: () => mkdirSync(log),
      says: /^the folder "\d+" holds no pred/,
      rows: 0,
    },
    { name: "in an empty file", make: file(""), says: /^0 predictions are there, and at least 200/, rows: 0 },
    { name: "in one row", make: file(lines(1)), says: /^1 prediction is there, and at least 200/, rows: 1 },
    { name: "in half a row", make: file(line(1).slice(0, 50)), says: /^0 predictions are there/, rows: 0 },
    {
      name: "in one row that came again and again",
      make: file(Array(500).fill(line(1))),
      says: /^1 prediction is there/,
      rows: 1,
    },
    {
      name: "in 199 rows that moved",
      make: file(lines(199, () => ({ inputs: { age: 5000, sector: "x" } }))),
      says: /^199 predictions are there/,
      rows: 199,
    },
    {
      name: "outside of the window",
      make: file(lines(500, () => ({ at: "2026-11-13T00:00:00Z" }))),
      says: /^0 predictions are there/,
      rows: 0,
    },
    {
      name: "where a deployment is new",
      make: file(lines(500)),
      asked: { served: { sha256: "ef", version: null } },
      says: /^0 predictions are there/,
      rows: 0,
    },
    {
      name: "in a log of which most is broken",
      make: file([...lines(700).map((text, i) => (i % 2 === 0 ? text : text.slice(0, -9))), "{"]),
      says: /^of the log's lines 351 are broken, and 350 whole$/,
      rows: 350,
    },
    {
      name: "where no column is logged",
      make: file(lines(300, () => ({ inputs: {} }))),
      says: /^no column is there to be compared$/,
      rows: 300,
    },
    {
      name: "without a reference",
      make: file(lines(300)),
      asked: { reference: undefined },
      says: /^this model was packaged without a reference/,
      rows: 0,
    },
  ];
  for (const { name, make, asked, says, rows } of NONE) {
    it(name, async () => {
      make?.();
      const found = await look(asked);
      assert.equal(found.verdict, "not enough data");
      assert.match(found.why ?? "", says);
      assert.equal(found.rows, rows);
      assert.ok(found.columns.every(({ moved }) => !moved));
    });
  }
});

describe("what a model's folder says of its training rows", () => {
  it("is read, nothing where there is none, and refused where it is none", async () => {
    mkdirSync(log);
    assert.equal(await referenceOf(log), undefined);
    writeFileSync(join(log, "reference.json"), JSON.stringify(REFERENCE));
    assert.deepEqual(await referenceOf(log), REFERENCE);
    writeFileSync(join(log, "reference.json"), "{}");
    await assert.rejects(referenceOf(log), /reference\.json is not a reference: schema/);
    assert.equal(existsSync(log), true);
  });

  it("is held against a window of hours or days", () => {
    assert.deepEqual([windowOf("1h"), windowOf("30d")], [3_600_000, 2_592_000_000]);
  });
});
