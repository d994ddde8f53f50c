import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { glob } from "tinyglobby";
import { findNamed } from "../../../src/adapters/files/find-named.ts";

const FILES = [
  "trainyard.yaml",
  "z/trainyard.yaml",
  "a/é/trainyard.yaml",
  "a/.hidden/trainyard.yaml",
  "a/trainyard.yaml.bak",
  "a/other.lock",
  ".git/trainyard.yaml",
  "a/.dvc/trainyard.yaml",
  ".trainyard/x/trainyard.yaml",
  "node_modules/p/trainyard.yaml",
  "folder/trainyard.yaml/inside",
];
const IGNORE = ["**/.git/**", "**/.dvc/**", "**/.trainyard/**", "**/node_modules/**"];

describe("finding files by their name", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "find-named-"));
    for (const path of FILES) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), "");
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  it("finds what the whole matcher finds", async () => {
    for (const globs of [["**/trainyard.yaml"], ["**/trainyard.yaml", "**/other.lock"], ["**/none"]]) {
      const options = { cwd: folder, dot: true, ignore: IGNORE, expandDirectories: false };
      assert.deepEqual(findNamed(folder, globs), (await glob(globs, options)).sort());
    }
  });

  it("does not look into a folder that has a version as a whole", () => {
    writeFileSync(join(folder, "z.dvc"), "");
    assert.deepEqual(findNamed(folder, ["**/trainyard.yaml"]), [
      "a/.hidden/trainyard.yaml",
      "a/é/trainyard.yaml",
      "trainyard.yaml",
    ]);
    rmSync(join(folder, "z.dvc"));
  });

  it("leaves other globs to it", () => {
    assert.equal(findNamed(folder, ["**/*.dvc"]), undefined);
    assert.equal(findNamed(folder, ["**/trainyard.yaml", "a/other.lock"]), undefined);
  });

  it("takes a link to a file for the file, and follows no link to a folder, which may lead out or in a circle", () => {
    const all = findNamed(folder, ["**/trainyard.yaml"]) ?? [];
    mkdirSync(join(folder, "linked"));
    symlinkSync(folder, join(folder, "linked", "circle"));
    for (const [name, to] of Object.entries({
      nowhere: join(folder, "none"),
      itself: join(folder, "linked", "itself", "other.lock"),
      through: join(folder, "trainyard.yaml", "x"),
      long: "x".repeat(300),
    })) {
      mkdirSync(join(folder, "linked", name));
      symlinkSync(to, join(folder, "linked", name, "other.lock"));
    }
    assert.deepEqual(
      findNamed(folder, ["**/trainyard.yaml", "**/other.lock"]),
      [...all, "a/other.lock"].sort(),
    );
    symlinkSync(join(folder, "trainyard.yaml"), join(folder, "linked", "trainyard.yaml"));
    assert.deepEqual(findNamed(folder, ["**/trainyard.yaml"]), [...all, "linked/trainyard.yaml"].sort());
    rmSync(join(folder, "linked"), { recursive: true });
  });
});
