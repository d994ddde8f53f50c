import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { globSync } from "tinyglobby";
import { parseAction, parseWorkflow } from "../../../local/runner/parser.ts";

const job = (lines: string) => `on: push\njobs:\n  a:\n${lines.replace(/^/gm, "    ")}\n`;

describe("the official parser", () => {
  for (const file of globSync([".github/workflows/*.yml", "templates/workflows/*.yml"]).sort()) {
    it(`finds nothing wrong with ${file}`, async () => {
      const { problems, value } = await parseWorkflow(file, readFileSync(file, "utf8"), async (reference) =>
        readFileSync(reference.path, "utf8"),
      );
      assert.deepEqual(problems, []);
      assert.ok((value as { jobs: object }).jobs);
    });
  }

  it("says where something is wrong", async () => {
    const { problems } = await parseWorkflow("x.yml", job("runs-on: ubuntu-latest\nstep: []"));
    assert.deepEqual(problems, [{ message: "Unexpected value 'step'", line: 5, column: 5 }]);
  });

  it("knows which contexts are not available where", async () => {
    const { problems } = await parseWorkflow(
      "x.yml",
      job("runs-on: ubuntu-latest\nif: secrets.a != ''\nsteps: [{ run: 'true' }]"),
    );
    assert.match(problems[0]?.message ?? "", /secrets/);
  });

  it("knows `$/` and `queue: max`, and lets `cache-mode` stand", async () => {
    const text = job(
      "cache-mode: none # a reason\nruns-on: ubuntu-latest\nconcurrency: { group: x, queue: max }\nsteps: [{ uses: $/actions/a }]",
    );
    assert.deepEqual((await parseWorkflow("x.yml", text)).problems, []);
    assert.deepEqual((await parseWorkflow("x.yml", `cache-mode: read\n${text}`)).problems, []);
    const flow =
      "{ cache-mode: write, on: push, jobs: { a: { runs-on: x, steps: [{ run: a }], cache-mode: none } } }";
    assert.deepEqual((await parseWorkflow("x.yml", flow)).problems, []);
  });

  it("refuses another `cache-mode`", async () => {
    const { problems } = await parseWorkflow(
      "x.yml",
      job("cache-mode: all\nruns-on: a\nsteps: [{ run: a }]"),
    );
    assert.deepEqual(problems, [
      {
        message: "Unexpected value of cache-mode; it is one of read, write, write-only, none",
        line: 4,
        column: 5,
      },
    ]);
  });

  it("refuses what is no YAML, without a value", async () => {
    const { problems, value } = await parseWorkflow("x.yml", "on: [push\njobs: {");
    assert.ok(problems.length > 0);
    assert.equal(value, undefined);
  });

  it("checks what a called workflow asks for", async () => {
    const called =
      "on: { workflow_call: { inputs: { n: { type: number, required: true } } } }\n" +
      job("runs-on: a\nsteps: [{ run: a }]").replace("on: push\n", "");
    const { problems } = await parseWorkflow(
      "x.yml",
      job("uses: ./b.yml\nwith: { m: 1 }"),
      async () => called,
    );
    assert.deepEqual(
      problems.map(({ message }) => message),
      [
        "Input n is required, but not provided while calling.",
        "Invalid input, m is not defined in the referenced workflow.",
      ],
    );
  });

  it("reads actions", () => {
    const text = "name: a\ndescription: b\nruns: { using: node24, main: a.js }\n";
    assert.deepEqual(parseAction("action.yml", text).problems, []);
    assert.match(
      parseAction("action.yml", text.replace("node24", "node99")).problems[0]?.message ?? "",
      /node99/,
    );
    assert.match(parseAction("action.yml", `${text}colour: red\n`).problems[0]?.message ?? "", /colour/);
  });
});
