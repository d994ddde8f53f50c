import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { keepIn } from "../../../src/adapters/cache/keep.ts";
import { objectFolder } from "../../../src/adapters/cache/objects.ts";
import { waiting } from "../../../src/adapters/cache/waiting.ts";
import { digestOf, type Md5 } from "../../../src/core/artifacts/digest.ts";
import { temporaryFolder } from "../../artifacts/temporary.ts";

const named = (text: string): Md5 => digestOf(text).md5;

describe("objects that wait for their names", () => {
  it("have none before the end, and all of them after it", async () => {
    const folder = temporaryFolder();
    const objects = objectFolder(folder);
    const keep = keepIn(objects);
    const texts = Array.from({ length: 600 }, (_, i) => String(i % 500)); // some twice
    for (const text of texts) keep.small(Buffer.from(text), named(text));
    assert.equal(existsSync(join(folder, "files")), false);
    keep.end();
    for (const text of texts) {
      const path = objects.pathOf(named(text));
      assert.equal(readFileSync(path, "utf8"), text);
      assert.equal(statSync(path).mode & 0o777, 0o444);
    }
    assert.deepEqual(readdirSync(join(folder, "tmp")), []);

    const more = keepIn(objects);
    for (const text of ["1", "new"]) more.small(Buffer.from(text), named(text));
    assert.equal(readFileSync(objects.pathOf(named("1")), "utf8"), "1");
    more.end();
    assert.equal(readFileSync(objects.pathOf(named("new")), "utf8"), "new");
  });

  it("come from another thread where there are many, into folders that are there or not", () => {
    const folder = temporaryFolder();
    const objects = objectFolder(folder);
    const texts = Array.from({ length: 4000 }, (_, i) => `${i % 3900} ${"x".repeat(i)}`); // some twice, 8 MB
    const first = keepIn(objects);
    for (const text of texts.slice(0, 40)) first.small(Buffer.from(text), named(text)); // some folders
    first.end();
    const keep = keepIn(objects);
    for (const text of texts) keep.small(Buffer.from(text), named(text));
    keep.end();
    for (const text of texts) {
      const path = objects.pathOf(named(text));
      assert.equal(readFileSync(path, "utf8"), text);
      assert.equal(statSync(path).mode & 0o777, 0o444);
    }
    assert.deepEqual(readdirSync(join(folder, "tmp")), []);
  });

  it("come beside those that another process has put there meanwhile", () => {
    const folder = temporaryFolder();
    const objects = objectFolder(folder);
    const wait = waiting(objects, () => {});
    const md5 = named("a");
    assert.equal(wait.hasFolder(md5), false);
    writeFileSync(wait.place(md5), "a");
    wait.written(1);
    const other = join(dirname(objects.pathOf(md5)), "f".repeat(30));
    mkdirSync(dirname(other), { recursive: true });
    writeFileSync(other, "theirs");
    wait.end();
    assert.equal(readFileSync(objects.pathOf(md5), "utf8"), "a");
    assert.equal(readFileSync(other, "utf8"), "theirs");
    assert.equal(wait.hasFolder(md5), true, "there is a folder to be asked");
  });

  it("lie in folders that are open to the group of a shared cache", () => {
    const folder = temporaryFolder();
    const objects = objectFolder(folder, () => {}, "group");
    const keep = keepIn(objects);
    keep.small(Buffer.from("a"), named("a"));
    keep.end();
    for (const path of ["files", "files/md5", "files/md5/0c"]) {
      assert.equal(statSync(join(folder, path)).mode & 0o7777, 0o2775, path);
    }
  });
});
