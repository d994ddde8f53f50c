import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { globSync } from "tinyglobby";
import { parseAction, parseWorkflow, type Reference } from "../../local/runner/parser.ts";
import { readWorkflow } from "../../src/core/doctor/workflow.ts";
import { RULES } from "./rules/rules.ts";

/*
 * Everything of ours that a runner would run: GitHub's own parser finds nothing wrong with it, and our
 * rules keep it safe.
 */

interface Shipped {
  readonly file: string;
  readonly text: string;
}

const FILES = globSync(
  [
    ".github/workflows/*.{yml,yaml}",
    "action.{yml,yaml}",
    "actions/**/action.{yml,yaml}",
    "templates/workflows/*.{yml,yaml}",
    "templates/**/{dot-github,.github}/workflows/*.{yml,yaml}",
  ],
  { dot: true },
).sort();

const read = (file: string): Shipped => ({ file, text: readFileSync(file, "utf8") });

/** YAML examples of the documentation that a runner would run, each as a whole file of its own. */
function examplesOf(page: string): Shipped[] {
  const lines = readFileSync(page, "utf8").split("\n");
  const found: Shipped[] = [];
  let open: { readonly line: number; readonly lines: string[] } | undefined;
  for (const [index, line] of lines.entries()) {
    if (!/^\s*```/.test(line)) open?.lines.push(line);
    else if (open === undefined) open = { line: index + 1, lines: [] };
    else {
      const text = open.lines.join("\n");
      if (/^(?:jobs|on|runs):/m.test(text)) found.push({ file: `${page}:${open.line}`, text: whole(text) });
      open = undefined;
    }
  }
  return found;
}

/** A part of a workflow file stands below the head that its page shows first. */
function whole(text: string): string {
  if (/^(?:on|runs):/m.test(text)) return text;
  return `on: pull_request\npermissions: {}\n${text}`;
}

const shipped = [
  ...FILES.map(read),
  ...["README.md", ...globSync("{docs,templates,actions}/**/*.md").sort()].flatMap(examplesOf),
];

/** Our own reusable workflows, from this tree, by whichever name they are called. */
async function called({ path, owner, repository }: Reference): Promise<string | undefined> {
  const ours = owner === undefined || `${owner}/${repository}` === "trainyard/trainyard";
  return ours && existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

it("the workflows that users call and those of the templates are all read", () => {
  for (const file of [
    ".github/workflows/ci.yml",
    ".github/workflows/command.yml",
    ".github/workflows/judge.yml",
    ".github/workflows/pull-request.yml",
    ".github/workflows/release.yml",
    "templates/workflows/trainyard-judge.yml",
    "templates/workflows/trainyard-release.yml",
    "templates/workflows/trainyard.yml",
    "templates/python/dot-github/workflows/trainyard.yml",
  ]) {
    assert.ok(FILES.includes(file), file);
  }
  assert.ok(shipped.length > FILES.length, "the documentation has examples");
});

for (const { file, text } of shipped) {
  describe(file, () => {
    it("is right by GitHub's own parser", async () => {
      const isAction = readWorkflow(text, file).kind === "action";
      const { problems } = isAction ? parseAction(file, text) : await parseWorkflow(file, text, called);
      assert.deepEqual(
        problems.map(({ line, message }) => `${file}:${line} ${message}`),
        [],
      );
    });

    it("keeps our rules", () => {
      const workflow = readWorkflow(text, file);
      const found = RULES.flatMap(({ name, find }) =>
        find(workflow).map(({ line, message }) => `${file}:${line} ${name}: ${message}`),
      );
      assert.deepEqual(found, []);
    });
  });
}

it("the starters' workflows differ in what they say on purpose alone", () => {
  const shared = readFileSync("templates/workflows/trainyard.yml", "utf8");
  const python = readFileSync("templates/python/dot-github/workflows/trainyard.yml", "utf8");
  assert.equal(python.replace(/ {4}with:\n {6}setup: .*\n/, ""), shared);
});
