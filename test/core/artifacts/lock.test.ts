import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareIngredients } from "../../../src/core/artifacts/changes.ts";
import { digestOf } from "../../../src/core/artifacts/digest.ts";
import { fingerprint } from "../../../src/core/artifacts/fingerprint.ts";
import type { Ingredient } from "../../../src/core/artifacts/ingredient.ts";
import { type Lock, parseLock, printLock } from "../../../src/core/artifacts/lock.ts";

const one = digestOf("1");
const two = digestOf("2");

const data: Ingredient = {
  kind: "data",
  name: "data/cps.csv",
  ...one,
  size: 1,
  reason: "the rows are read from it",
};
const scale: Ingredient = {
  kind: "parameters",
  name: "features.0.scale",
  value: ["age"],
  reason: "says what enters",
};

const lock: Lock = new Map([
  [
    "prepare",
    {
      fingerprint: one.sha256,
      in: [
        data,
        scale,
        { kind: "parameters", name: "split", value: { by: "hash", holdout: 0.2, x: null }, reason: "r" },
      ],
      out: [{ path: ".trainyard/prepared.parquet", ...two, size: 2 }],
      verdict: "warn",
      facts: {
        rows: 10,
        types: { age: "BIGINT", "odd: name": "VARCHAR" },
        rate: 0.1,
        list: [1, "no", true],
        text: "a\nb",
      },
    },
  ],
  [
    "train",
    { fingerprint: two.sha256, in: [], out: [{ path: "models/m", ...one, size: 3, nfiles: 2 }], facts: {} },
  ],
]);

describe("a lock", () => {
  it("is written for people, one fact a line", () => {
    assert.equal(
      printLock(lock),
      `# Written by \`trainyard run\`; commit it. What went into each stage, and what came out.

schema: trainyard/lock/1
stages:
  prepare:
    fingerprint: ${one.sha256}
    in:
    - name: data/cps.csv
      kind: data
      md5: ${one.md5}
      sha256: ${one.sha256}
      size: 1
      reason: the rows are read from it
    - name: features.0.scale
      kind: parameters
      value: [age]
      reason: says what enters
    - name: split
      kind: parameters
      value: {by: hash, holdout: 0.2, x: null}
      reason: r
    out:
    - path: .trainyard/prepared.parquet
      md5: ${two.md5}
      sha256: ${two.sha256}
      size: 2
    verdict: warn
    facts:
      rows: 10
      types:
        age: BIGINT
        "odd: name": VARCHAR
      rate: 0.1
      list: [1, no, true]
      text: |-
        a
        b
  train:
    fingerprint: ${two.sha256}
    in: []
    out:
    - path: models/m
      md5: ${one.md5}
      sha256: ${one.sha256}
      size: 3
      nfiles: 2
    facts: {}
`,
    );
  });

  it("is read back as it was", () => {
    assert.deepEqual([...parseLock(printLock(lock), "trainyard.lock")], [...lock]);
    assert.equal(parseLock(undefined, "trainyard.lock").size, 0);
    assert.equal(parseLock("\n", "trainyard.lock").size, 0);
  });

  it("keeps numbers, and text that looks like one", () => {
    const values = [
      0.1 + 0.2,
      1e300,
      -0,
      1e-7,
      9007199254740991,
      "1e5",
      "007",
      "0x1f",
      "true",
      "null",
      "~",
      "",
      " x ",
      "#",
      "2020-01-01",
      "é😀",
      "\u0000\u007f",
      NaN,
      Infinity,
    ];
    const stage = { ...lock.get("train")!, facts: { values } };
    assert.deepEqual(parseLock(printLock(new Map([["a", stage]])), "l").get("a")?.facts.values, values);
  });

  it("tells a merge conflict and what to do", () => {
    const conflict = printLock(lock).replace(
      "  train:\n",
      "<<<<<<< HEAD\n  train:\n=======\n>>>>>>> other\n",
    );
    const line = conflict.split("\n").findIndex((text) => text.startsWith("<<<")) + 1;
    assert.throws(() => parseLock(conflict, "models/trainyard.lock"), {
      name: "UserError",
      message: `models/trainyard.lock:${line} holds a merge conflict; keep either side whole, then \`trainyard run\` makes anew what the merge changed`,
    });
  });

  const end = "; if nobody meant to edit it, restore it from Git or delete it and run again";
  const text = printLock(lock);
  const hostile: readonly (readonly [string, string, string])[] = [
    ["another file", "a: 1", 'l:1:1 schema: Invalid input: expected "trainyard/lock/1"'],
    [
      "a path that leads out",
      text.replace("path: models/m", "path: ../m"),
      "l:42:13 stages.train.out.0.path: is not a path below the lock's folder",
    ],
    [
      "a path into .git",
      text.replace("path: models/m", "path: .git/hooks/x"),
      "l:42:13 stages.train.out.0.path: is not a path below the lock's folder",
    ],
    [
      "a wrong digest",
      text.replace(`md5: ${two.md5}`, "md5: ../../x"),
      'l:24:12 stages.prepare.out.0.md5: "../../x" is not an md5',
    ],
    [
      "a negative size",
      text.replace("size: 2", "size: -2"),
      "l:26:13 stages.prepare.out.0.size: Too small: expected number to be >=0",
    ],
    [
      "an unknown key",
      text.replace("nfiles: 2", "files: 2"),
      'l:42:7 stages.train.out.0: Unrecognized key: "files"',
    ],
  ];
  for (const [name, damaged, message] of hostile) {
    it(`is refused with ${name}`, () => {
      assert.throws(() => parseLock(damaged, "l"), { name: "UserError", message: message + end });
    });
  }

  it("cannot reach what every object has", () => {
    const read = parseLock(text.replace("  train:", "  __proto__:"), "l");
    assert.equal(({} as { facts?: unknown }).facts, undefined);
    assert.ok(read.size <= 2);
  });
});

describe("a fingerprint", () => {
  const base = fingerprint("train", [data, scale], ["models/m"]);

  it("is the same whatever the order and the reasons", () => {
    assert.equal(
      fingerprint(
        "train",
        [
          { ...scale, reason: "x" },
          { ...data, size: 9 },
        ],
        ["models/m"],
      ),
      base,
    );
  });

  it("is another one for anything that can change the result", () => {
    const others = [
      fingerprint("fit", [data, scale], ["models/m"]),
      fingerprint("train", [data], ["models/m"]),
      fingerprint("train", [data, scale], ["models/n"]),
      fingerprint("train", [data, scale, scale], ["models/m"]),
      fingerprint("train", [{ ...data, sha256: two.sha256 }, scale], ["models/m"]),
      fingerprint("train", [{ ...data, name: "x" }, scale], ["models/m"]),
      fingerprint("train", [{ ...data, kind: "code" }, scale], ["models/m"]),
      fingerprint("train", [data, { ...scale, value: [["age"]] }], ["models/m"]),
      fingerprint("train", [data, { ...scale, value: "age" }], ["models/m"]),
    ];
    assert.equal(new Set([base, ...others]).size, others.length + 1);
  });

  it("does not see the order of keys, but that of lists", () => {
    const of = (value: Ingredient["value"]) => fingerprint("a", [{ ...scale, value: value! }], []);
    assert.equal(of({ a: 1, b: { c: 2, d: 3 } }), of({ b: { d: 3, c: 2 }, a: 1 }));
    assert.notEqual(of([1, 2]), of([2, 1]));
    assert.notEqual(of([1, 2]), of(["1", "2"]));
  });
});

describe("changes are said in words", () => {
  const said = (before: readonly Ingredient[], now: readonly Ingredient[]) =>
    compareIngredients(before, now).map(({ text }) => text);

  it("of each kind", () => {
    assert.deepEqual(said([data, scale], [data, { ...scale, reason: "other" }]), []);
    assert.deepEqual(said([scale], [{ ...scale, value: ["age", "wage"] }]), [
      'parameter features.0.scale changed ["age"] → ["age","wage"]',
    ]);
    assert.deepEqual(said([data], [{ ...data, ...two }]), ["data/cps.csv changed md5 c4ca4238 → c81e728d"]);
    const code: Ingredient = { kind: "code", name: "train.py", ...one, reason: "" };
    assert.deepEqual(said([code], [{ ...code, ...two }, data]), [
      "code train.py changed md5 c4ca4238 → c81e728d",
      "data/cps.csv is new: md5 c4ca4238",
    ]);
    assert.deepEqual(said([scale], []), ['parameter features.0.scale is gone, it was ["age"]']);
    const tool: Ingredient = { kind: "tool", name: "trainyard", value: "0.1.0", reason: "" };
    assert.deepEqual(said([tool], [{ ...tool, value: "0.2.0" }]), [
      'tool trainyard changed "0.1.0" → "0.2.0"',
    ]);
    const made: Ingredient = {
      kind: "stage",
      name: "prepare: .trainyard/prepared.parquet",
      ...one,
      reason: "",
    };
    assert.deepEqual(said([made], [{ ...made, ...two }]), [
      "output of prepare: .trainyard/prepared.parquet changed md5 c4ca4238 → c81e728d",
    ]);
  });

  it("and never at length", () => {
    const [change] = compareIngredients([scale], [{ ...scale, value: "x".repeat(1000) }]);
    assert.equal(change?.after?.length, 120);
  });
});
