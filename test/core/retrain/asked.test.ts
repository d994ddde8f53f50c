import assert from "node:assert/strict";
import { test } from "node:test";
import { whoAsks } from "../../../src/core/retrain/asked.ts";

const MARKED = "<!-- trainyard:monitor wages production -->\ntext";
const issue = { number: 7, body: MARKED, user: { login: "github-actions[bot]", type: "Bot" } };
const ada = { login: "ada", type: "User" };
const labelled = (label: string, more = {}) =>
  whoAsks(
    {
      name: "issues",
      payload: { action: "labeled", label: { name: label }, issue: { ...issue, ...more }, sender: ada },
    },
    [],
  );
const said = (body: string, user = ada) =>
  whoAsks(
    { name: "issue_comment", payload: { action: "created", comment: { id: 1, body, user }, issue } },
    [],
  );

test("the label on an issue asks for the model of its marker", () => {
  const asked = labelled("retrain");
  assert.deepEqual(asked.by === "label" && [asked.login, asked.issue, asked.marked, asked.author], [
    "ada",
    7,
    "wages",
    "github-actions[bot]",
  ]);
});

test("another label, and one of a pull request, ask for nothing", () => {
  assert.equal(labelled("drift").by, "nobody");
  assert.equal(labelled("retrain", { pull_request: {} }).by, "nobody");
});

test("a comment asks, in its first line and in no other words", () => {
  const plain = said("/trainyard retrain\nplease");
  assert.deepEqual(plain.by === "comment" && [plain.marked, plain.named, plain.comment], [
    "wages",
    undefined,
    1,
  ]);
  const named = said("/trainyard retrain flights");
  assert.equal(named.by === "comment" && named.named, "flights");
  for (const body of [
    "please /trainyard retrain",
    "/trainyard retrain a b",
    "/trainyard train",
    "",
    "/trainyard",
  ])
    assert.equal(said(body).by, "nobody", body);
});

test("a bot's comment asks for nothing", () => {
  assert.equal(said("/trainyard retrain", { login: "x[bot]", type: "Bot" }).by, "nobody");
});

test("a schedule asks for the models of its line", () => {
  const models = [{ model: "wages", every: "monthly" as const }];
  assert.deepEqual(whoAsks({ name: "schedule", payload: { schedule: "8 5 1 * *" } }, models), {
    by: "schedule",
    models: ["wages"],
  });
  assert.equal(whoAsks({ name: "schedule", payload: { schedule: "8 5 1 * *" } }, []).by, "nobody");
});

test("payloads of any other shape ask for nothing, and throw nothing", () => {
  for (const name of ["issues", "issue_comment"])
    for (const payload of [undefined, null, 3, [], { issue: null }, { comment: { body: 3 } }])
      assert.equal(whoAsks({ name, payload }, []).by, "nobody");
  assert.equal(whoAsks(undefined, []).by, "nobody");
  assert.deepEqual(whoAsks({ name: "workflow_dispatch", payload: { inputs: { model: 3 } } }, []), {
    by: "dispatch",
    model: undefined,
  });
});
