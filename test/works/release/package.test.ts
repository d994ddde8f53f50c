import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { parsePackage } from "../../../src/core/models/package.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import { pack, type ToPack } from "../../../src/works/release/package.ts";
import { git, silent, temporaryFolder, write } from "../../artifacts/temporary.ts";
import { CONTRACT } from "./town.ts";

const BUNDLE = {
  schema: "trainyard/model/1",
  model: "wages",
  task: "binary-classification",
  label: "y",
  classes: ["0", "1"],
  threshold: 0.5,
  decided: null,
  trainer: "logistic",
  runtime: "tensorflow.js",
  kind: "tensorflow",
  file: "model.json",
  takes: "features",
  rows: { train: 1, validation: 1 },
};
const RECIPE = {
  schema: "trainyard/recipe/1",
  inputs: [{ name: "a", kind: "number" }],
  values: [],
  takes: "features",
  features: [],
  outputs: ["a"],
};

const MODEL = {
  "bundle.json": JSON.stringify(BUNDLE),
  "recipe.json": JSON.stringify({ ...RECIPE, takes: "columns" }),
  "model.json": "{}",
};

/** A repository whose desired state names a model that lies in its cache. */
async function opened(files: Readonly<Record<string, string>> = MODEL) {
  const folder = temporaryFolder();
  git(folder, "init", "-q", "-b", "main");
  const store = temporaryFolder();
  write(folder, {
    "trainyard.yaml": CONTRACT,
    ".dvc/config": `[core]\n    remote = store\n['remote "store"']\n    url = ${store}\n`,
  });
  const workspace = await openWorkspace(folder, silent());
  const made = temporaryFolder();
  write(made, files);
  const { sha256, md5 } = await workspace.cache.put(made);
  write(folder, {
    "deployments/production/wages.yaml": `model: wages\nserve: { version: v1.2.0, sha256: ${sha256}, md5: ${md5} }\n`,
  });
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "Begin");
  const ports = { folder, workspace: async () => openWorkspace(folder, silent()) } as unknown as Ports;
  const asked: ToPack = {
    contract: undefined,
    environment: "production",
    sha256: undefined,
    out: join(folder, "out"),
    ledger: undefined,
  };
  return { ports, asked, folder, sha256 };
}

describe("a package", () => {
  it("holds the model byte for byte, a card, and what it says of itself", async () => {
    const { ports, asked, folder, sha256 } = await opened({ ...MODEL, "reference.json": "{}" });
    const found = await pack(ports, asked);
    assert.deepEqual([found.sha256, found.version, found.made], [sha256, "v1.2.0", true]);
    const said = parsePackage(readFileSync(join(folder, "out/package.json"), "utf8"), "package.json");
    assert.deepEqual(said.signature.inputs, [{ name: "a", kind: "number" }]);
    assert.deepEqual(
      [said.version, said.digest.sha256, said.reference],
      ["v1.2.0", sha256, "wages/reference.json"],
    );
    assert.deepEqual(
      said.files.map(({ path }) => path),
      ["README.md", "wages/bundle.json", "wages/model.json", "wages/recipe.json", "wages/reference.json"],
    );
    const { files } = await openWorkspace(folder, silent());
    assert.equal((await files.content(join(folder, "out/wages")))?.sha256, sha256);
    assert.match(readFileSync(join(folder, "out/README.md"), "utf8"), /# wages v1\.2\.0/);
    assert.equal((await pack(ports, asked)).made, false, "made again it is the same");
  });

  it("says of several labels from where up each is decided on", async () => {
    const thresholds = [
      { label: "rain", threshold: 0.25, by: "chosen", value: 0.75 },
      { label: "snow", threshold: 0.5, by: "default" },
    ];
    const several = { ...BUNDLE, task: "multilabel", classes: ["rain", "snow"], threshold: null, thresholds };
    const { ports, asked, folder } = await opened({ ...MODEL, "bundle.json": JSON.stringify(several) });
    await pack(ports, asked);
    const { signature } = parsePackage(
      readFileSync(join(folder, "out/package.json"), "utf8"),
      "package.json",
    );
    assert.equal(signature.threshold, null);
    assert.deepEqual(signature.thresholds, [
      { label: "rain", threshold: 0.25 },
      { label: "snow", threshold: 0.5 },
    ]);
  });

  it("is not made over something else, and not of bytes that nobody has", async () => {
    const { ports, asked, folder } = await opened();
    write(folder, { "other/mine.txt": "mine\n" });
    await assert.rejects(pack(ports, { ...asked, out: join(folder, "other") }), /holds something else/);
    const path = "deployments/production/wages.yaml";
    const text = readFileSync(join(folder, path), "utf8");
    write(folder, { [path]: text.replace(/md5: .{4}/, "md5: abcd") });
    await assert.rejects(pack(ports, asked), /abcd[0-9a-f]{28}\.dir is not in/);
    assert.equal(existsSync(join(folder, "out")), false);
  });

  it("is held to the sha256 that is named", async () => {
    const { ports, asked, folder } = await opened();
    const path = "deployments/production/wages.yaml";
    const text = readFileSync(join(folder, path), "utf8");
    write(folder, { [path]: text.replace(/sha256: .{4}/, "sha256: abcd") });
    await assert.rejects(pack(ports, asked), /sha256/);
    assert.equal(existsSync(join(folder, "out")), false);
  });

  it("is made of what serves alone", async () => {
    const { ports, asked } = await opened({
      ...MODEL,
      "bundle.json": JSON.stringify({ ...BUNDLE, kind: "predictions", file: "p.parquet" }),
    });
    await assert.rejects(pack(ports, asked), /a file of predictions, which answers for no other rows/);
    await assert.rejects(
      pack(ports, { ...asked, environment: "staging" }),
      /there is no deployments\/staging/,
    );
    await assert.rejects(
      pack(ports, { ...asked, environment: undefined }),
      /the lock names no model "wages"/,
    );
  });
});
