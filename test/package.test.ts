import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

interface Locked {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
  readFileSync("package-lock.json", "utf8"),
);
const manifest: {
  readonly files: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
} = JSON.parse(readFileSync("package.json", "utf8"));

test("the lock holds the packages of every platform, without which npm ci refuses it", () => {
  const missing = Object.entries(lock.packages).flatMap(([path, parent]) =>
    Object.keys((path && parent.optionalDependencies) || {}).filter(
      (name) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${path}/node_modules/${name}`],
    ),
  );
  assert.deepEqual(missing, [], "run node scripts/complete-lock.mjs");
});

test("the lock names no registry", () => {
  assert.doesNotMatch(readFileSync("package-lock.json", "utf8"), /"resolved"/);
});

test("what users install is what the bundle leaves outside", () => {
  const outside = /^(@duckdb\/|@tensorflow\/|onnxruntime-)/;
  assert.deepEqual(
    Object.keys(manifest.dependencies).filter((name) => !outside.test(name)),
    [],
  );
  assert.deepEqual(manifest.files, ["dist", "schema"]);
});
