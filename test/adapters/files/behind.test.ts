import assert from "node:assert/strict";
import { existsSync, lstatSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Made, writeBehind } from "../../../src/adapters/files/behind.ts";
import { temporaryFolder } from "../../artifacts/temporary.ts";

describe("files that another thread writes", () => {
  it("hold what they were given, though the bytes were used again at once", () => {
    const folder = temporaryFolder();
    const behind = writeBehind();
    const bytes = Buffer.alloc(30_000);
    const sizeOf = (i: number): number => (i * 7919) % bytes.length; // batches end by bytes and by count, 0 included
    const made: Made[] = [];
    for (let i = 0; i < 1500; i++) {
      bytes.fill(i);
      const content = bytes.subarray(0, sizeOf(i));
      behind.write({ path: join(folder, `${i}`), mode: 0o640, time: 1e9 + i }, content, (one) =>
        made.push(one),
      );
    }
    behind.end();
    assert.equal(made.length, 1500);
    for (let i = 0; i < 1500; i++) {
      const path = join(folder, `${i}`);
      assert.deepEqual(readFileSync(path), Buffer.alloc(sizeOf(i), i));
      const { mode, mtimeMs, ctimeMs, ino } = lstatSync(path);
      assert.equal(mode & 0o777, 0o640 & ~process.umask());
      assert.equal(mtimeMs, (1e9 + i) * 1000);
      assert.deepEqual(made[i], { changed: ctimeMs, inode: ino });
    }
  });

  it("say when they would have to be waited for", () => {
    const folder = temporaryFolder();
    const behind = writeBehind();
    const large = Buffer.alloc(1 << 20);
    assert.equal(behind.isBusy, false);
    let written = 0;
    while (!behind.isBusy && written < 1000)
      behind.write({ path: join(folder, `${written++}`), mode: 0o600 }, large);
    behind.end();
    assert.equal(behind.isBusy, false);
    assert.ok(written >= 7, `${written} batches of one file fit`);
    for (let i = 0; i < written; i++) assert.equal(statSync(join(folder, `${i}`)).size, 1 << 20);
  });

  it("may be the largest of all, and no larger", () => {
    const folder = temporaryFolder();
    const behind = writeBehind();
    const large = Buffer.alloc(1 << 20, 7);
    for (let i = 0; i < 6; i++) behind.write({ path: join(folder, `${i}`), mode: 0o600 }, large);
    assert.throws(
      () => behind.write({ path: join(folder, "x"), mode: 0o600 }, Buffer.alloc((1 << 20) + 1)),
      /x is too large to be written behind/,
    );
    behind.end();
    for (let i = 0; i < 6; i++) assert.deepEqual(readFileSync(join(folder, `${i}`)), large);
  });

  it("are left where they are there already, if that is said, and else fail", () => {
    const folder = temporaryFolder();
    const path = join(folder, "a");
    writeFileSync(path, "first");
    const behind = writeBehind();
    behind.write({ path, mode: 0o600, mayBeThere: true }, Buffer.from("second"));
    behind.end();
    assert.equal(readFileSync(path, "utf8"), "first");
    behind.write({ path, mode: 0o600 }, Buffer.from("third"));
    assert.throws(() => behind.end(), { code: "EEXIST", path });
    assert.equal(readFileSync(path, "utf8"), "first");
  });

  it("end with the first that fails, which is said by whoever comes next; then it may begin anew", () => {
    const folder = temporaryFolder();
    const behind = writeBehind();
    const missing = join(folder, "no", "such");
    behind.write({ path: join(folder, "before"), mode: 0o600 }, Buffer.from("1"));
    behind.write({ path: missing, mode: 0o600 }, Buffer.from("2"));
    behind.write({ path: join(folder, "after"), mode: 0o600 }, Buffer.from("3"), () => {
      throw new Error("nothing was made");
    });
    assert.throws(() => behind.end(), { code: "ENOENT", syscall: "open", path: missing });
    assert.equal(existsSync(join(folder, "before")), true);
    assert.equal(existsSync(join(folder, "after")), false);

    assert.throws(
      () => {
        for (let i = 0; ; i++) behind.write({ path: join(missing, `${i}`), mode: 0o600 }, Buffer.from("4"));
      },
      { code: "ENOENT", path: join(missing, "0") },
    );
    assert.throws(() => behind.end(), { code: "ENOENT" });

    behind.write({ path: join(folder, "again"), mode: 0o600, chmod: 0o444 }, Buffer.from("5"));
    behind.end();
    behind.end(); // nothing is under way
    assert.equal(statSync(join(folder, "again")).mode & 0o777, 0o444);
  });
});
