import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { partials } from "../../../src/adapters/cache/partials.ts";
import { digestOf } from "../../../src/core/artifacts/digest.ts";
import { temporaryFolder } from "../../artifacts/temporary.ts";

const NAME = digestOf("x").md5;

/** A folder with a part that a process of a machine left, which has ended as far as can be seen here. */
function left(machine: string): { folder: string; path: string } {
  const folder = temporaryFolder();
  const path = partials(folder, machine).begin(NAME);
  const { pid } = spawnSync(process.execPath, ["--version"]);
  const ended = path.replace(`/${process.pid}-`, `/${pid}-`);
  writeFileSync(path, "half");
  renameSync(path, ended);
  return { folder, path: ended };
}

describe("a part of an object", () => {
  it("goes to whoever wants it next, once, when its process has ended", () => {
    const { folder } = left("here");
    const [one, two] = [partials(folder, "here"), partials(folder, "here")];
    assert.equal(one.claim(NAME)?.size, 4);
    assert.equal(two.claim(NAME), undefined);
  });

  it("stays with a process of another machine on the same cache, while that may write to it", () => {
    const { folder, path } = left("there");
    assert.equal(partials(folder, "here").claim(NAME), undefined);
    assert.deepEqual(readdirSync(folder), [path.slice(folder.length + 1)]);
    const then = new Date(Date.now() - 2 * 60 * 60 * 1000);
    utimesSync(path, then, then);
    assert.equal(partials(folder, "here").claim(NAME)?.path.includes("@here."), true);
  });
});
