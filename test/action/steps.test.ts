import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openRunner } from "./step.ts";

const predictions = (rows: number, name = "y") =>
  `id,${name},yhat\n${Array.from({ length: rows }, (_, row) => `${row},${row % 2},${row % 3 === 0 ? 1 : row % 2}`).join("\n")}\n`;

test("each built action refuses a folder that is not there, and each has its action.yml", (context) => {
  const runner = openRunner(context);
  const built = readdirSync("dist/actions").map((file) => file.replace(/\.js$/, ""));
  assert.deepEqual(built.sort(), readdirSync("actions").sort());
  for (const action of built) {
    const inputs = { folder: "not-there", "dry-run": "maybe", optional: "maybe" };
    const { status, commands, stderr, outputs } = runner.step(action, inputs);
    assert.equal(status, 2, `${action}: ${stderr}`);
    assert.match(
      commands.join("\n"),
      new RegExp(`^::error title=Trainyard ${action}::input "[a-z-]+" is `),
      action,
    );
    assert.deepEqual([commands.length, stderr, outputs], [1, "", {}]);
  }
});

test("a step sets outputs, and writes the summary", (context) => {
  const runner = openRunner(context);
  runner.write("p.csv", predictions(60));
  const inputs = { predictions: "p.csv", label: "y", prediction: "yhat", resamples: "50" };
  const { status, outputs, summary, log, commands, stderr } = runner.step("evaluate", inputs);
  assert.deepEqual([status, stderr, commands], [0, "", []], log);
  assert.deepEqual(outputs, { verdict: "pass" });
  assert.match(log, /Measured on 60 holdout rows/);
  assert.match(summary, /Measured on 60 holdout rows/);
});

test("nothing that a stage prints is a command to the runner", (context) => {
  const runner = openRunner(context);
  runner.write("p.csv", `id,y,yhat,"::add-mask::x"\n${"1,1,1,a\n2,0,0,b\n".repeat(30)}`);
  const column = "\n::error::boo\n##[group]x\n::stop-commands::x";
  const { status, commands, log } = runner.step("evaluate", {
    predictions: "p.csv",
    label: "y",
    prediction: "yhat",
    sensitive: "::add-mask::x",
    resamples: "0",
  });
  assert.equal(status, 0, log);
  assert.match(log, /::add-mask::x/);
  assert.deepEqual(commands, []);
  const refused = runner.step("evaluate", { predictions: "p.csv", label: `q${column}`, prediction: "yhat" });
  assert.equal(refused.status, 1);
  assert.equal(refused.commands.length, 1);
  assert.match(refused.commands[0] ?? "", /%0A::error::boo%0A##\[group\]x%0A::stop-commands::x/);
});

test("a contract's mistakes are annotated on their lines, relative to the repository they are in", (context) => {
  const runner = openRunner(context);
  mkdirSync(join(runner.workspace, "head/.git"), { recursive: true });
  runner.write("head/models/a/trainyard.yaml", "model: a\ntask: guess\n");
  const { status, commands } = runner.step("train", { folder: "head", contract: "models/a" });
  assert.equal(status, 1);
  assert.ok(
    commands.some((line) =>
      line.startsWith(
        "::error title=Trainyard train,file=models/a/trainyard.yaml,line=2,col=7::unknown value",
      ),
    ),
    commands.join("\n"),
  );
});

test("what is wrong in an input is said of the input", (context) => {
  const runner = openRunner(context);
  assert.deepEqual(runner.step("evaluate", { predictions: "p.csv" }).commands, [
    '::error title=Trainyard evaluate::input "label" is missing: the column with the true answer',
  ]);
});

test("secrets are masked before anything else is said", (context) => {
  const runner = openRunner(context);
  const { log, status } = runner.step(
    "receive",
    { name: "a", folder: "b", "run-id": "0", token: "ghs_%secret%" },
    { TRAINYARD_REMOTE: "AWS_ACCESS_KEY_ID=AKIA0123456789\nAWS_REGION=eu" },
  );
  assert.equal(status, 2);
  assert.deepEqual(log.split("\n").slice(0, 2), [
    "::add-mask::ghs_%25secret%25",
    "::add-mask::AKIA0123456789",
  ]);
  const wrong = runner.step("pull", {}, { TRAINYARD_REMOTE: "PATH=/tmp/evil" });
  assert.equal(wrong.status, 2);
  assert.match(wrong.commands[0] ?? "", /line 1 of TRAINYARD_REMOTE sets PATH, which steers other programs/);
});

test("a mistake of ours keeps its stack, and the step fails", (context) => {
  const runner = openRunner(context);
  runner.write("p.csv", predictions(10));
  const inputs = { predictions: "p.csv", label: "y", prediction: "yhat", resamples: "0" };
  const { status, log, commands } = runner.step("evaluate", inputs, { GITHUB_OUTPUT: "/not/there" });
  assert.equal(status, 1);
  assert.match(
    log,
    /a bug in Trainyard \d.*, please report it\nError: Missing file at path: \/not\/there\n {4}at /,
  );
  assert.match(commands.at(-1) ?? "", /^::error title=Trainyard evaluate::a bug in Trainyard/);
});
