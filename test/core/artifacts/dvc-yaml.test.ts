import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseDvcLock } from "../../../src/core/artifacts/dvc-lock.ts";
import { parseDvcYaml, valueFiles } from "../../../src/core/artifacts/dvc-yaml.ts";

const paths = (text: string, files: Readonly<Record<string, string>> = {}): readonly string[] =>
  [...parseDvcYaml(text, "dvc.yaml", (path) => files[path])].map(
    ([name, { wdir, outs }]) => `${name} ${wdir} ${outs.map(({ path }) => path).join(" ")}`,
  );
const stage = (more: string, top = ""): string => `${top}stages:\n  a:\n    cmd: c\n${more}`;

describe("the outputs of dvc.yaml", () => {
  it("have anchors and merges, as people write them", () => {
    const text =
      "x: &o\n  outs: [m.bin]\nstages:\n  a:\n    cmd: c\n    <<: *o\n  b:\n    cmd: d\n    <<: [*o]\n    wdir: w\n";
    assert.deepEqual(paths(text), ["a . m.bin", "b w m.bin"]);
  });

  it("keep what is escaped", () => {
    assert.deepEqual(paths(stage("    outs: ['\\${x}']\n")), ["a . ${x}"]);
  });

  it("take values from files and maps, by whole files or by keys", () => {
    const text = stage("    outs: ['${m.n}-${p}-${q}']\n", "vars: ['v.yaml:m', {p: 1}]\n");
    assert.deepEqual(paths(text, { "params.yaml": "q: 2.50", "v.yaml": "m: {n: x}\np: 9\n" }), [
      "a . x-1-2.5",
    ]);
    assert.deepEqual(valueFiles(stage("    wdir: w\n    vars: [y.json]\n", "vars: ['v.yaml:m']\n"), "f"), [
      "params.yaml",
      "v.yaml",
      "w/y.json",
    ]);
  });

  it("may have several options, a plot several views", () => {
    const text = stage(
      "    plots:\n    - p.csv: [{x: a, cache: false}, {x: b}]\n    metrics:\n    - m.json: {cache: false, push: false, remote: eu}\n    outs:\n    - o: {persist: true}\n    - n:\n",
    );
    const outs = parseDvcYaml(text, "f", () => undefined).get("a")?.outs ?? [];
    assert.deepEqual(
      outs.map(({ path, kind, cached, pushed, persist, remote }) => [
        path,
        kind,
        cached,
        pushed,
        persist,
        remote,
      ]),
      [
        ["o", "out", true, true, true, undefined],
        ["n", "out", true, true, false, undefined],
        ["m.json", "metric", false, false, false, "eu"],
        ["p.csv", "plot", false, true, false, undefined],
      ],
    );
  });

  const laughs = `a: &a [1,1,1,1,1,1,1,1,1]\n${"bcdefghi"
    .split("")
    .map((k, i) => `${k}: &${k} [${`*${"abcdefgh"[i]},`.repeat(9)}]\n`)
    .join("")}`;
  for (const [text, message] of [
    ["stages: [a]", 'dvc.yaml:1:9 "stages" is not a map'],
    [stage("    outs: x\n"), 'dvc.yaml:4:11 "outs" is not a list'],
    [stage("    outs: [[x]]\n"), "dvc.yaml:4:12 an output is neither a path nor a path with options"],
    [
      stage("    outs: ['${x.y}']\n"),
      'dvc.yaml:4:12 "${x.y}" in outs of "a" is not set; it stands in params.yaml or in "vars" as "x"',
    ],
    [
      stage("    outs: ['a${x}']\n", "vars: [{x: [1]}]\n"),
      'dvc.yaml:5:12 "${x}" in outs of "a" is a list, which is no part of a text',
    ],
    [stage("    outs: [o: {cache: 1}]\n"), 'dvc.yaml:4:23 "cache" is neither true nor false'],
    [
      stage("", "vars: [{x: 1}, {x: 2}]\n"),
      'dvc.yaml:1:20 "x" of "vars" is set already; DVC lets nothing be set twice',
    ],
    [stage("", "vars: [x.yaml]\n"), '"vars" names "x.yaml", which is not there'],
    [
      "stages:\n  a:\n    foreach: 3\n    do: {cmd: c}\n",
      'dvc.yaml:3:14 foreach of "a" is neither a list nor a map',
    ],
    [
      "stages:\n  a:\n    matrix: {x: 3}\n    cmd: c\n",
      'dvc.yaml:3:17 "x" in the matrix of "a" is not a list',
    ],
    ["a: [", "dvc.yaml:1:5 Flow sequence in block collection must be sufficiently indented and end with a ]"],
    [laughs, "dvc.yaml:1:"],
    ["a: &a [*a]", "dvc.yaml:1:"],
  ] as const) {
    it(`or are refused: ${message.slice(0, 70)}`, () => {
      assert.throws(
        () => paths(text),
        (error: Error) => {
          assert.equal(error.name, "UserError", String(error.stack));
          assert.ok(error.message.startsWith(message), error.message);
          return true;
        },
      );
    });
  }

  it("or are refused where there is no end of them", () => {
    const many = `[${Array.from({ length: 1000 }, (_, i) => i).join(", ")}]`;
    assert.throws(
      () => paths(`stages:\n  a:\n    matrix: {x: ${many}, y: ${many}}\n    cmd: c\n`),
      /more than 100000 stages/,
    );
  });
});

describe("dvc.lock", () => {
  const lock = (entry: string): string =>
    `schema: '2.0'\nstages:\n  a:\n    cmd: c\n    outs:\n    - path: m\n${entry}`;
  for (const [text, message] of [
    [
      "a:\n  cmd: c\n",
      'dvc.lock:1:1 has no "schema", so it is of DVC 1; run `dvc repro` of DVC 2 or later to write it anew',
    ],
    ["schema: '3.0'\n", 'dvc.lock:1:9 schema is "3.0"; what is read is "2.0"'],
    ["- a\n", "dvc.lock is no lock of DVC's"],
    [
      lock("<<<<<<< HEAD\n"),
      "dvc.lock:7 holds a merge conflict; solve it, or keep either side whole and run `dvc repro`",
    ],
    [lock("      md5: ../../x\n"), 'dvc.lock:7:12 md5 is "../../x"; it has 32 digits, 0-9 and a-f'],
    [lock("      size: big\n"), 'dvc.lock:7:13 "size" is not a whole number'],
    ["schema: '2.0'\nstages:\n  a: 1\n", "dvc.lock:3:6 a stage is not a map"],
    [
      "schema: '2.0'\nstages:\n  a:\n    cmd: c\n    outs: [x]\n",
      'dvc.lock:5:12 "outs" holds something that is not a map',
    ],
  ] as const) {
    it(`is refused: ${message}`, () => {
      assert.throws(() => parseDvcLock(text, "dvc.lock"), { name: "UserError", message });
    });
  }

  it("of nothing is a lock of nothing", () => {
    assert.equal(parseDvcLock("", "dvc.lock").size, 0);
    assert.equal(parseDvcLock("schema: '2.0'\n", "dvc.lock").size, 0);
  });
});
