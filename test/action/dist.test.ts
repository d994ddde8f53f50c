import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { test } from "node:test";
import { LOADERS } from "../../src/stage-loaders.ts";

const MOST = 9e6; // bytes that every `uses:` of ours may cost a runner to download, with the clients of all remotes
const START = 1.15e6; // bytes that an entry may load before it has looked at its inputs

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

/** The chunk that the command line starts with, and what loads each command of one word. */
function commandLine(): { readonly main: string; stage(name: string): string } {
  const entry = readFileSync("dist/cli.js", "utf8");
  const main = /import\("\.\/(chunks\/main-[^"]+)"\)/.exec(entry)?.[1] ?? "";
  const text = readFileSync(join("dist", main), "utf8");
  return {
    main,
    stage: (name) => {
      const [, chunk] = new RegExp(`\\b${name}"?:\\(\\)=>import\\("\\./([^"]+)"\\)`).exec(text) ?? [];
      assert.ok(chunk !== undefined, `${name} is not found in ${main}`);
      return `chunks/${chunk}`;
    },
  };
}

test("the command line starts without an SDK", () => {
  const { main, stage } = commandLine();
  for (const path of [main, ...Object.keys(LOADERS).map(stage)]) {
    const heavy = [...loadedBy(path)].filter((one) => SDKS.test(readFileSync(join("dist", one), "utf8")));
    assert.deepEqual(heavy, [], path);
  }
});

test("the commands of data start without the contract's part and what it is checked with", () => {
  const { main, stage } = commandLine();
  const base = loadedBy(main);
  assert.ok(size(base) < START / 2, `${size(base)} bytes before the stage is known`);
  const hasZod = (path: string): boolean => /ZodError/.test(readFileSync(join("dist", path), "utf8"));
  assert.ok([...loadedBy(stage("evaluate"))].some(hasZod), "it is known where it is");
  for (const name of ["add", "status", "checkout", "push", "pull"]) {
    const loaded = loadedBy(stage(name), new Set(base));
    assert.ok(size(loaded) < (START * 2) / 3, `${name} starts with ${size(loaded)} bytes`);
    assert.deepEqual([...loaded].filter(hasZod), [], name);
  }
});
