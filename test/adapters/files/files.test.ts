import assert from "node:assert/strict";
import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { diskFiles } from "../../../src/adapters/files/disk.ts";
import { hashFile } from "../../../src/adapters/files/hash.ts";
import { diskMemo } from "../../../src/adapters/files/memo.ts";
import { FileTable } from "../../../src/adapters/files/table.ts";
import { digestOf } from "../../../src/core/artifacts/digest.ts";
import { silent, temporaryFolder, write } from "../../artifacts/temporary.ts";

const OLD = new Date(Date.now() - 60_000);

/** Files that have not been written for a minute. */
function settled(files: Readonly<Record<string, string>>): { folder: string } {
  const folder = temporaryFolder();
  write(folder, files);
  for (const path of Object.keys(files)) utimesSync(join(folder, path), OLD, OLD);
  return { folder };
}

/** Measures, and says which files were read for it. */
async function hashedNow(folder: string, path: string): Promise<readonly string[]> {
  const read: string[] = [];
  const look = (relpath: string): void => {
    read.push(relpath === "" ? path : `${path}/${relpath}`);
  };
  await diskFiles(folder, silent()).measure(join(folder, path), { names: "both", look });
  return read;
}

describe("what a file holds", () => {
  it("is both digests and the size, of small, large and empty files", async () => {
    const large = "0123456789abcdef".repeat(200_000);
    const { folder } = settled({ small: "a\n", large, empty: "" });
    const files = diskFiles(folder, silent());
    for (const [path, text] of Object.entries({ small: "a\n", large, empty: "" })) {
      assert.deepEqual(await files.content(join(folder, path)), { ...digestOf(text), size: text.length });
    }
    assert.equal(await files.content(join(folder, "none")), undefined);
  });

  it("is remembered where Git does not look, though nothing but a status was asked for", async () => {
    const { folder } = settled({ a: "1" });
    await hashedNow(folder, "a");
    assert.equal(readFileSync(join(folder, ".trainyard/.gitignore"), "utf8"), "*\n");

    const other = temporaryFolder();
    await diskFiles(other, silent()).write(join(other, ".trainyard/served/production/wages.json"), "{}");
    assert.equal(readFileSync(join(other, ".trainyard/.gitignore"), "utf8"), "*\n");
  });

  it("is not remembered where nothing may be written, and nobody is stopped by it", () => {
    const refusing = (code: string) => () => {
      const memo = diskMemo("/nowhere/hashes", "/nowhere", () => {
        throw Object.assign(new Error(code), { code });
      });
      memo.keep("/nowhere/a", new FileTable(false), 0);
    };
    for (const code of ["EROFS", "EACCES", "EPERM"]) refusing(code)();
    assert.throws(refusing("ENOSPC"), { code: "ENOSPC" });
  });

  it("is hashed once, in this process and the next", async () => {
    const { folder } = settled({ "d/a": "1", "d/b": "2" });
    assert.deepEqual(await hashedNow(folder, "d"), ["d/a", "d/b"]);
    assert.deepEqual(await hashedNow(folder, "d"), []);
    appendFileSync(join(folder, "d/b"), "x");
    utimesSync(join(folder, "d/b"), OLD, OLD);
    assert.deepEqual(await hashedNow(folder, "d"), ["d/b"], "only what changed");
  });

  it("is remembered of many files, of which some changed, came and went", async () => {
    const name = (i: number): string => `${String(i).padStart(5, "0")}-${"n".repeat(120)}`;
    const { folder } = settled(
      Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`d/${name(i)}`, String(i)])),
    );
    assert.equal((await hashedNow(folder, "d")).length, 3000);
    assert.deepEqual(await hashedNow(folder, "d"), []);
    rmSync(join(folder, "d", name(7)));
    write(folder, { [`d/${name(1500)}x`]: "new", [`d/${name(2999)}`]: "other" });
    for (const path of [`${name(1500)}x`, name(2999)]) utimesSync(join(folder, "d", path), OLD, OLD);
    const measured = await diskFiles(folder, silent()).measure(join(folder, "d"), { names: "md5" });
    const { files, length } = measured!.table;
    assert.equal(length, 3000);
    for (let i = 0; i < length; i++) {
      const text = readFileSync(join(folder, "d", files.path(i)));
      assert.equal(files.md5(i), digestOf(text).md5);
    }
    write(folder, { [`d/${name(0)}`]: "again" });
    utimesSync(join(folder, "d", name(0)), OLD, OLD);
    const unvouched = [name(0), `${name(1500)}x`, name(2999)]; // known by md5 alone, or not at all
    assert.deepEqual(
      await hashedNow(folder, "d"),
      unvouched.map((path) => `d/${path}`),
    );
  });

  it("is hashed again where the file was written just before: its stamp may not show the next write", async () => {
    const folder = temporaryFolder();
    write(folder, { a: "1" });
    const soon = new Date(Date.now() + 60_000); // as if it were written while we look
    utimesSync(join(folder, "a"), soon, soon);
    assert.deepEqual(await hashedNow(folder, "a"), ["a"]);
    assert.deepEqual(await hashedNow(folder, "a"), ["a"]);
  });

  it("is noticed where size and time of modification are as before", async () => {
    const { folder } = settled({ a: "1" });
    await hashedNow(folder, "a");
    writeFileSync(join(folder, "a"), "2");
    utimesSync(join(folder, "a"), OLD, OLD);
    assert.equal((await diskFiles(folder, silent()).content(join(folder, "a")))?.md5, digestOf("2").md5);
    rmSync(join(folder, "a"));
    write(folder, { a: "3" });
    utimesSync(join(folder, "a"), OLD, OLD);
    assert.equal((await diskFiles(folder, silent()).content(join(folder, "a")))?.md5, digestOf("3").md5);
  });

  it("is right whatever became of the memory", async () => {
    const { folder } = settled({ a: "1" });
    await hashedNow(folder, "a");
    const memory = join(folder, ".trainyard/hashes");
    const [name] = readdirSync(memory);
    const whole = readFileSync(join(memory, name!));
    const flipped = Buffer.from(whole);
    flipped[40]! ^= 1;
    const damages: readonly (readonly [string, Uint8Array])[] = [
      ["empty", Buffer.alloc(0)],
      ["text", Buffer.from("[]")],
      ["cut", whole.subarray(0, -1)],
      ["cut in the middle", whole.subarray(0, 30)],
      ["one bit", flipped],
      ["longer", Buffer.concat([whole, whole])],
      ["of another version", Buffer.concat([Buffer.from("TYHASH9\n"), whole.subarray(8)])],
    ];
    for (const [damage, bytes] of damages) {
      writeFileSync(join(memory, name!), bytes);
      assert.deepEqual(await hashedNow(folder, "a"), ["a"], damage);
    }
  });

  it("is carried on where a draft takes its place", async () => {
    const folder = temporaryFolder();
    const files = diskFiles(folder, silent());
    const draft = join(await files.draft(), "out");
    write(draft, { "x/1": "1", "2": "2" });
    const content = await files.content(draft);
    write(folder, { "models/m/old": "gone" });
    await files.replace(draft, join(folder, "models/m"));
    assert.deepEqual(await hashedNow(folder, "models/m"), []);
    assert.deepEqual(await files.content(join(folder, "models/m")), content);
    assert.equal(existsSync(join(folder, "models/m/old")), false);
    writeFileSync(join(folder, "models/m/2"), "3"); // at once, and as long as before
    assert.deepEqual(await hashedNow(folder, "models/m"), ["models/m/2"]);
  });

  it("is an error where the file changes meanwhile", async () => {
    const { folder } = settled({ a: "x".repeat(3 << 20) });
    const path = join(folder, "a");
    let done = false;
    const change = () => {
      if (!done) appendFileSync(path, "y");
      done = true;
    };
    await assert.rejects(hashFile(path, change), {
      name: "UserError",
      message: `"${path}" changed while it was read; try again when nothing writes to it`,
    });
  });
});

describe("a directory holds what DVC sees in it", () => {
  it("links to files, but no links to folders, no .git and no empty folder", async () => {
    const { folder } = settled({ "d/a": "1", "d/.git/x": "1", "d/.hidden": "2", "e/f": "3" });
    mkdirSync(join(folder, "d/empty"));
    symlinkSync("a", join(folder, "d/link"));
    symlinkSync("../e", join(folder, "d/folder"));
    const measured = await diskFiles(folder, silent()).measure(join(folder, "d"), { names: "md5" });
    const { files } = measured!.table;
    assert.deepEqual(
      Array.from({ length: files.length }, (_, i) => files.path(i)),
      [".hidden", "a", "link"],
    );
  });

  it("or an error says what it cannot hold", async (context) => {
    const { folder } = settled({ "a/.dvcignore": "", "b/x": "" });
    symlinkSync("nowhere", join(folder, "b/link"));
    mkdirSync(join(folder, "c"));
    const server = createServer().listen(join(folder, "c/socket"));
    await once(server, "listening");
    context.after(() => server.close());
    const files = diskFiles(folder, silent());
    await assert.rejects(files.content(join(folder, "a")), /a\/\.dvcignore" lies inside a tracked directory/);
    await assert.rejects(
      files.content(join(folder, "b")),
      /b\/link" is a link that leads nowhere; remove it/,
    );
    await assert.rejects(
      files.content(join(folder, "c")),
      /c\/socket" is neither a file nor a folder; remove it/,
    );
    await assert.rejects(
      files.content(join(folder, "c/socket")),
      /c\/socket" is neither a file nor a folder/,
    );
  });
});

describe("writing", () => {
  it("leaves the old text or the new, and no draft", async () => {
    const folder = temporaryFolder();
    const files = diskFiles(folder, silent());
    await files.write(join(folder, "x/a"), "1");
    await files.write(join(folder, "x/a"), "2");
    assert.equal(await files.read(join(folder, "x/a")), "2");
    assert.equal(await files.read(join(folder, "x/b")), undefined);
    assert.deepEqual(readdirSync(join(folder, "x")), ["a"]);
    mkdirSync(join(folder, "x/c"));
    await assert.rejects(files.write(join(folder, "x/c"), "3"));
    assert.deepEqual(readdirSync(join(folder, "x")), ["a", "c"]);
  });

  it("puts a file in the place of a folder, and a folder in that of a file", async () => {
    const folder = temporaryFolder();
    const files = diskFiles(folder, silent());
    write(folder, { "a/1": "", b: "b", c: "c", "d/2": "" });
    await files.replace(join(folder, "b"), join(folder, "a"));
    await files.replace(join(folder, "d"), join(folder, "c"));
    assert.equal(readFileSync(join(folder, "a"), "utf8"), "b");
    assert.deepEqual(readdirSync(join(folder, "c")), ["2"]);
  });

  it("keeps what is ours out of Git by itself", async () => {
    const folder = temporaryFolder();
    await diskFiles(folder, silent()).draft();
    assert.equal(readFileSync(join(folder, ".trainyard/.gitignore"), "utf8"), "*\n");
  });
});

describe("finding", () => {
  it("answers globs and plain paths, sorted, and looks into nothing of Git's, DVC's or ours", async () => {
    const { folder } = settled({
      "b.csv": "",
      "a/é.csv": "",
      "a/z.csv": "",
      ".git/x.csv": "",
      ".dvc/x.csv": "",
      ".trainyard/x.csv": "",
    });
    const files = diskFiles(folder, silent());
    assert.deepEqual(await files.find(folder, ["**/*.csv"]), ["a/z.csv", "a/é.csv", "b.csv"]);
    assert.deepEqual(await files.find(folder, ["b.csv", "a/z.csv", "none.csv"]), ["a/z.csv", "b.csv"]);
  });

  it("follows links before it says that a path lies below a folder", async () => {
    const folder = temporaryFolder();
    const other = temporaryFolder();
    write(folder, { "in/x": "" });
    symlinkSync(other, join(folder, "out"));
    symlinkSync("in", join(folder, "inner"));
    const files = diskFiles(folder, silent());
    assert.equal(await files.liesBelow(join(folder, "in/deep/er"), folder), true);
    assert.equal(await files.liesBelow(join(folder, "inner/x"), folder), true);
    assert.equal(await files.liesBelow(join(folder, "out/x"), folder), false);
    assert.equal(await files.liesBelow(join(folder, "../x"), folder), false);
  });
});
