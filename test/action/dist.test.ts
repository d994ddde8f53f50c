import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { test } from "node:test";

const MOST = 6e6; // bytes that every `uses:` of ours may cost a runner to download
const START = 1e6; // bytes that an entry may load before it has looked at its inputs

/** Files of the newest build; chunks of those before are kept beside it for a while. */
function built(): string[] {
  const list = "dist/.superseded.json";
  const superseded = existsSync(list) ? Object.keys(JSON.parse(readFileSync(list, "utf8"))) : [];
  return readdirSync("dist", { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice("dist/".length))
    .filter((path) => !superseded.includes(path));
}

/** What an entry loads before its first line runs: it, and all that it imports statically. */
function loadedBy(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  const text = readFileSync(join("dist", path), "utf8");
  for (const [, target = ""] of text.matchAll(
    /(?<=^|[;\n])(?:import|export)(?:[^"'();]*?from)?\s*"(\.[^"]+)"/g,
  )) {
    loadedBy(posix.join(posix.dirname(path), target), seen);
  }
  return seen;
}

const size = (paths: Iterable<string>): number =>
  [...paths].reduce((sum, path) => sum + statSync(join("dist", path)).size, 0);

test("the whole build is small enough to be downloaded by every step", () => {
  assert.ok(size(built()) < MOST, `${size(built())} bytes`);
});

/** Words that only the SDKs hold: undici, which @actions/core brings, Octokit, and Azure's storage. */
const SDKS = /UND_ERR_SOCKET|octokit-(?:core|endpoint)|BlobServiceClient/;

test("each action starts with its own stage alone, and no SDK", () => {
  const texts = new Map(built().map((path) => [path, readFileSync(join("dist", path), "utf8")]));
  assert.ok(
    [...texts.values()].filter((text) => SDKS.test(text)).length >= 2,
    "they are in chunks of their own",
  );
  for (const entry of readdirSync("dist/actions")) {
    const loaded = [...loadedBy(`actions/${entry}`)];
    assert.ok(loaded.length > 1, `${entry} shares chunks`);
    assert.ok(size(loaded) < START, `${entry} loads ${size(loaded)} bytes`);
    const heavy = loaded.filter((path) => SDKS.test(texts.get(path) ?? ""));
    assert.deepEqual(heavy, [], entry);
  }
});

test("the command line starts without an SDK", () => {
  const entry = readFileSync("dist/cli.js", "utf8");
  const main = /import\("\.\/(chunks\/main-[^"]+)"\)/.exec(entry)?.[1] ?? "";
  const heavy = [...loadedBy(main)].filter((path) => SDKS.test(readFileSync(join("dist", path), "utf8")));
  assert.deepEqual(heavy, []);
});
