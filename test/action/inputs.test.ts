import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { folderIn } from "../../src/action/folder.ts";
import { readInputs } from "../../src/action/inputs.ts";
import { remoteVariables } from "../../src/action/remote-variables.ts";
import { secretsOf } from "../../src/action/secrets.ts";
import { choice, flag, list, number, required, text } from "../../src/stages/inputs.ts";
import { defineStage } from "../../src/stages/stage.ts";

const stage = defineStage({
  name: "all",
  summary: "Takes one of each.",
  inputs: {
    name: required("What it is called"),
    note: text("Something to say", { default: "nothing" }),
    runId: number("A run"),
    dryRun: flag("Do nothing"),
    paths: list("Some files", { positional: true }),
    task: choice("What to do", ["auto", "more"], "auto"),
    key: text("A column"),
    token: text("A token"),
    appPrivateKey: text("A key"),
  },
  outputs: {},
  run: async () => ({ outputs: {}, text: "", json: null }),
});

test("inputs are read as they are declared", () => {
  const { folder, values } = readInputs(stage, {
    INPUT_NAME: "  model ",
    INPUT_NOTE: "",
    "INPUT_RUN-ID": "12",
    "INPUT_DRY-RUN": "true",
    INPUT_PATHS: "a.csv\n\n  b c.csv  \n",
    INPUT_FOLDER: "head",
  });
  assert.equal(folder, "head");
  assert.deepEqual(values, {
    name: "model",
    note: "nothing",
    runId: 12,
    dryRun: true,
    paths: ["a.csv", "b c.csv"],
    task: "auto",
    key: undefined,
    token: undefined,
    appPrivateKey: undefined,
  });
});

const WRONG = [
  [{}, 'input "name" is missing: What it is called'],
  [{ INPUT_NAME: "   " }, 'input "name" is missing: What it is called'],
  [{ INPUT_NAME: "a", "INPUT_DRY-RUN": "yes" }, 'input "dry-run" is "yes"; it takes true or false'],
  [{ INPUT_NAME: "a", "INPUT_RUN-ID": "7a" }, 'input "run-id" is "7a"; it takes a number'],
  [{ INPUT_NAME: "a", INPUT_TASK: "less" }, 'input "task" is "less"; it takes auto, more'],
] as const;

for (const [environment, message] of WRONG) {
  test(`an input is refused by its name: ${message}`, () => {
    assert.throws(() => readInputs(stage, environment), { name: "UserError", message, exit: 2 });
  });
}

test("a stage with a folder of its own has no other", () => {
  const own = defineStage({ ...stage, inputs: { folder: required("Where it is put") } });
  assert.deepEqual(readInputs(own, { INPUT_FOLDER: "/tmp/x" }), {
    folder: ".",
    values: { folder: "/tmp/x" },
  });
});

test("tokens and keys are secrets, and what the remotes are told; short words and columns are none", () => {
  const environment = {
    INPUT_TOKEN: "ghs_0123456789",
    INPUT_KEY: "customer_number",
    "INPUT_APP-PRIVATE-KEY": "-----BEGIN-----\nabc",
    INPUT_NOTE: "something long",
  };
  assert.deepEqual(
    secretsOf(stage, environment, { AWS_SECRET_ACCESS_KEY: "wJalrXUtnF", PATH_STYLE: "true" }),
    ["ghs_0123456789", "-----BEGIN-----\nabc", "wJalrXUtnF"],
  );
});

test("no message about the remotes' variables shows a value", () => {
  for (const [lines, message] of [
    ["AWS_A=1\nhunter2", /^line 2 of TRAINYARD_REMOTE is not NAME=value; it takes lines such as/],
    ["NODE_OPTIONS=--require hunter2", /^line 1 of TRAINYARD_REMOTE sets NODE_OPTIONS, which steers other/],
    ["github_token=hunter2", /sets github_token, which/],
    ["GIT_SSH_COMMAND=hunter2", /sets GIT_SSH_COMMAND, which/],
    ["A B=hunter2", /is not NAME=value/],
  ] as const) {
    assert.throws(
      () => remoteVariables(lines),
      (error: Error & { exit: number }) =>
        message.test(error.message) && !error.message.includes("hunter2") && error.exit === 2,
      lines,
    );
  }
});

test("the folder lies in the workspace, with links followed", (context) => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "trainyard-folder-")));
  context.after(() => rmSync(root, { recursive: true }));
  const workspace = join(root, "w");
  mkdirSync(join(workspace, "head/..data"), { recursive: true });
  mkdirSync(join(root, "w-other"));
  writeFileSync(join(workspace, "file"), "");
  symlinkSync(root, join(workspace, "out"));
  symlinkSync("head", join(workspace, "in"));
  assert.equal(folderIn(workspace, "."), workspace);
  assert.equal(folderIn(workspace, "in"), join(workspace, "in"));
  assert.equal(folderIn(workspace, "head/..data"), join(workspace, "head/..data"));
  assert.equal(folderIn(workspace, join(workspace, "head")), join(workspace, "head"));
  const within = "which leads out of the workspace; it takes a path within";
  for (const [folder, message] of [
    ["..", `input "folder" is "..", ${within}`],
    ["head/../../w-other", `input "folder" is "head/../../w-other", ${within}`],
    ["/", `input "folder" is "/", ${within}`],
    [
      "out",
      'input "folder" is "out", which is a link that leads out of the workspace; it takes a path within',
    ],
    [
      "gone",
      'input "folder" is "gone", which is no folder of the workspace; check it out or lay it out first',
    ],
    [
      "file",
      'input "folder" is "file", which is no folder of the workspace; check it out or lay it out first',
    ],
  ] as const) {
    assert.throws(() => folderIn(workspace, folder), { message });
  }
});
