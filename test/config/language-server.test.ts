import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { type LanguageServer, startLanguageServer } from "./language-server.ts";

const wages = readFileSync(new URL("../fixtures/contracts/wages.yaml", import.meta.url), "utf8");

describe("a YAML language server with our schema", () => {
  let server: LanguageServer;
  before(async () => {
    server = await startLanguageServer();
  });
  after(() => server.stop());

  it("underlines nothing in a right contract", async () => {
    assert.deepEqual(await server.diagnose(wages), []);
  });

  it("underlines an unknown key on its line", async () => {
    const [first, ...others] = await server.diagnose(wages.replace("  seed: 7", "  sead: 7"));
    assert.deepEqual(others, []);
    assert.match(first!.message, /sead/);
    assert.equal(wages.split("\n")[first!.range.start.line], "  seed: 7");
  });

  it("underlines a word that is not one of the choices", async () => {
    const [first] = await server.diagnose(wages.replace("by: hash", "by: hsah"));
    assert.match(first!.message, /hash.*time.*random/s);
  });

  it("offers both ways to train", async () => {
    const labels = await server.complete("model: wages\ntrain:\n  |\n");
    assert.ok(labels.includes("with") && labels.includes("run"), labels.join());
  });

  it("offers the built-in trainers", async () => {
    const labels = await server.complete("model: wages\ntrain:\n  with: |\n");
    assert.deepEqual(labels.filter((label) => /^[a-z]+$/.test(label)).sort(), ["linear", "logistic", "mlp"]);
  });

  it("offers the rest of what was begun", async () => {
    const labels = await server.complete("model: wages\ntrain:\n  run: python train.py\n  |\n");
    assert.ok(labels.includes("code") && labels.includes("env"), labels.join());
    assert.ok(!labels.includes("backend"), labels.join());
  });

  it("offers every step in a list of steps", async () => {
    const values = await server.complete("prepare:\n  values:\n    - |\n");
    for (const step of ["fill", "clip", "derive", "drop"]) assert.ok(values.includes(step), values.join());
    const features = await server.complete("features:\n  - |\n");
    for (const step of ["scale", "one_hot", "date"]) assert.ok(features.includes(step), features.join());
  });

  it("offers what an expectation can say", async () => {
    const labels = await server.complete("data:\n  expect:\n    - |\n");
    for (const key of ["column", "table", "sql"]) assert.ok(labels.includes(key), labels.join());
  });

  it("says what a key means", async () => {
    assert.match(await server.hover("data:\n  roles:\n    sensi|tive: [gender]\n"), /groups are compared/);
  });
});
