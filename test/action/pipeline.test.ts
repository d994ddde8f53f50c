import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openRunner } from "./step.ts";

const TEMPLATE = "dist/templates/wages";

/** The template's contract with another end, and few resamples' worth of work. */
function contract(change: (text: string) => string): string {
  return change(readFileSync(join(TEMPLATE, "trainyard.yaml"), "utf8"));
}

test("a training command is given none of the step's secrets", (context) => {
  const runner = openRunner(context);
  cpSync(TEMPLATE, runner.workspace, { recursive: true });
  const run = "export -p > seen.txt; echo ::add-mask::from-training; exit 7";
  runner.write(
    "trainyard.yaml",
    contract((text) =>
      text.replace(
        /^train:[\s\S]*?(?=^evaluate:)/m,
        `train:\n  run: "${run}"\n  code: [high_wage.sql]\n  out: model.onnx\n`,
      ),
    ),
  );
  const { status, commands, log } = runner.step(
    "train",
    {},
    {
      ACTIONS_RUNTIME_TOKEN: "planted-runtime",
      ACTIONS_ID_TOKEN_REQUEST_URL: "http://planted-oidc",
      GITHUB_TOKEN: "planted-token",
      INPUT_SOMETHING: "planted-input",
      TRAINYARD_KEEP_ENV: "TRAINYARD_REMOTE,HARMLESS",
      TRAINYARD_REMOTE: "B2_ACCOUNT=planted-account\nMY_ENDPOINT=http://planted-endpoint",
      HARMLESS: "seen",
    },
  );
  assert.equal(status, 1, log);
  assert.match(commands.at(-1) ?? "", /train\.run .* ended with exit code 7/);
  assert.match(log, /^::add-mask::from-training$/m, "it is shown as it came");
  assert.deepEqual(
    commands.filter((line) => line === "::add-mask::from-training"),
    [],
    "and not obeyed",
  );
  const seen = readFileSync(join(runner.workspace, "seen.txt"), "utf8");
  assert.match(seen, /^export HARMLESS=["']seen["']$/m);
  assert.doesNotMatch(seen, /planted/);
  assert.doesNotMatch(seen, /^export (GITHUB_OUTPUT|GITHUB_STEP_SUMMARY|INPUT_|ACTIONS_)/m);
});

test("a broken gate fails the step, with its first annotation on the gate's line", (context) => {
  const runner = openRunner(context);
  cpSync(TEMPLATE, join(runner.workspace, "head"), { recursive: true });
  const text = contract((text) => text.replace("roc_auc >= 0.65", "roc_auc >= 0.99"));
  writeFileSync(join(runner.workspace, "head", "trainyard.yaml"), text);
  const line = text.split("\n").findIndex((line) => line.includes("roc_auc >= 0.99")) + 1;
  const { status, commands, outputs, summary, log } = runner.step("run", { folder: "head" });
  assert.equal(status, 1, log);
  assert.deepEqual(outputs, { verdict: "fail" });
  assert.ok(
    commands[0]?.startsWith(
      `::error title=Trainyard run,file=head/trainyard.yaml,line=${line}::roc_auc >= 0.99: `,
    ),
    commands.join("\n"),
  );
  assert.equal(commands.at(-1), "::error title=Trainyard run::the verdict is fail");
  assert.match(summary, /roc_auc/);
  const evaluated = runner.step("evaluate", {
    folder: "head",
    "dry-run": "unknown inputs are the runner's to warn of",
  });
  assert.equal(evaluated.status, 1, "the same by the stage alone");
  assert.deepEqual(evaluated.outputs, { verdict: "fail" });
});
