import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { trainBuiltin } from "../../../src/adapters/trainers/tensorflow.ts";
import { digestOf, digests, requests } from "./digest.ts";
import { silent } from "./wages.ts";

/* Written down, so that every machine and version of Node that runs the tests is held to the same bytes. */
const KNOWN = {
  mlp: "aee7d2a6a135e0a09df46e5b80b7f596c3f5acab4477db6cc30f8f2c48bb2793",
  classes: "f42e590dfd8aedaa51ec69560c8e78288f9ff0468f598c86fb9ae10eeae73635",
  linear: "348a7bcbaf488e1b54fe518b716fb8deae41447044ebdbb0fed184fbe6fa1f96",
};
const MAIN = ["--import", "tsx", fileURLToPath(new URL("digest-main.ts", import.meta.url))];

function elsewhere(command: string, args: readonly string[]): unknown {
  return JSON.parse(execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }));
}

describe("the digest of a built-in model", () => {
  it("is the one that is written down, run after run", async () => {
    assert.deepEqual(await digests(), KNOWN);
    assert.deepEqual(await digests(), KNOWN);
  });

  it("is the same in another process, which prints nothing else", () => {
    assert.deepEqual(elsewhere(process.execPath, MAIN), KNOWN);
  });

  const pinned = spawnSync("taskset", ["-V"]).status === 0;
  it("is the same on one core", { skip: !pinned && "there is no taskset" }, () => {
    assert.deepEqual(elsewhere("taskset", ["-c", "0", process.execPath, ...MAIN]), KNOWN);
  });

  it("is another with another seed", async () => {
    const other = digestOf(await trainBuiltin({ ...requests.mlp!, seed: 8 }, silent));
    assert.notEqual(other, KNOWN.mlp);
  });
});
