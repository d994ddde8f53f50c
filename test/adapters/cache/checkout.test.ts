import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { describe, it } from "node:test";
import { diskFiles } from "../../../src/adapters/files/disk.ts";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { add } from "../../../src/artifacts/add.ts";
import { digestOf, type Md5, objectPath } from "../../../src/core/artifacts/digest.ts";
import { printManifest } from "../../../src/core/artifacts/manifest.ts";
import type { Workspace } from "../../../src/ports/workspace.ts";
import { silent, temporaryFolder, temporaryWorkspace, write } from "../../artifacts/temporary.ts";

const read = (folder: string, path: string): string => readFileSync(join(folder, path), "utf8");

/** Files that lie in no cache, named in a manifest that does. */
function putManifest(folder: string, files: Readonly<Record<string, string>>): Md5 {
  const entries = Object.entries(files).map(([relpath, text]) => ({ relpath, md5: digestOf(text).md5 }));
  const text = printManifest(entries);
  const name = `${digestOf(text).md5}.dir` as Md5;
  write(join(folder, ".dvc/cache"), { [objectPath(name)]: text });
  for (const text of Object.values(files)) {
    write(join(folder, ".dvc/cache"), { [objectPath(digestOf(text).md5)]: text });
  }
  return name;
}

/** A workspace with settings of the cache. */
async function configured(folder: string, cache: string): Promise<Workspace> {
  write(folder, { ".dvc/config": `[cache]\n${cache}` });
  return openWorkspace(folder, silent());
}

describe("checkout of a directory", () => {
  it("touches what differs and nothing else", async () => {
    const { folder, workspace } = await temporaryWorkspace({
      "d/same": "1",
      "d/changed": "2",
      "d/gone/deep": "3",
      "d/sub/kept": "4",
    });
    const first = await add(workspace, "d");
    const before = lstatSync(join(folder, "d/same"));
    write(folder, { "d/changed": "two", "d/new/one": "5" });
    rmSync(join(folder, "d/gone"), { recursive: true });
    const second = await add(workspace, "d");

    assert.equal((await workspace.cache.checkout(first.md5, join(folder, "d"))).outcome, "written");
    assert.equal(read(folder, "d/changed"), "2");
    assert.equal(read(folder, "d/gone/deep"), "3");
    assert.equal(existsSync(join(folder, "d/new")), false, "a folder that became empty goes");
    assert.equal(lstatSync(join(folder, "d/same")).ino, before.ino);
    assert.equal(lstatSync(join(folder, "d/same")).mtimeMs, before.mtimeMs);
    assert.equal((await workspace.files.named(join(folder, "d")))?.md5, first.md5);

    await workspace.cache.checkout(second.md5, join(folder, "d"));
    assert.equal(read(folder, "d/changed"), "two");
    assert.equal((await workspace.cache.checkout(second.md5, join(folder, "d"))).outcome, "kept");
  });

  it("refuses to lose a file that nobody else holds, and says which", async () => {
    const { folder, workspace } = await temporaryWorkspace({ "d/a": "1", "d/b": "2" });
    const { md5 } = await add(workspace, "d");
    write(folder, { "d/b": "mine", "d/z": "also mine" });
    const path = join(folder, "d");
    const refused = await workspace.cache.checkout(md5, path, { sparing: true });
    assert.deepEqual(refused.outcome === "refused" && refused.file, "b");
    assert.equal(read(folder, "d/b"), "mine");
    write(folder, { "d/b": "2" });
    const again = await workspace.cache.checkout(md5, path, { sparing: true });
    assert.deepEqual(again.outcome === "refused" && again.file, "z");
    rmSync(join(folder, "d/z"));
    rmSync(join(folder, "d/a"));
    assert.equal(
      (await workspace.cache.checkout(md5, path, { sparing: true })).outcome,
      "written",
      "brings back",
    );
    write(folder, { "d/b": "mine" });
    await workspace.cache.checkout(md5, path);
    assert.equal(read(folder, "d/b"), "2");
  });

  it("says that an object is missing before it touches anything", async () => {
    const { folder, workspace } = await temporaryWorkspace({ "d/a": "1", "d/b": "2" });
    const one = await add(workspace, "d");
    write(folder, { "d/a": "one", "d/b": "two" });
    await add(workspace, "d");
    workspace.cache.drop(digestOf("2").md5);
    await assert.rejects(workspace.cache.checkout(one.md5, join(folder, "d")), /is not in/);
    assert.equal(read(folder, "d/a"), "one");
  });

  it("turns a file into a folder and back, and leaves what has no version", async () => {
    const { folder, workspace } = await temporaryWorkspace({ "d/x": "1" });
    const flat = await add(workspace, "d");
    rmSync(join(folder, "d/x"));
    write(folder, { "d/x/y": "2" });
    const deep = await add(workspace, "d");
    await workspace.cache.checkout(flat.md5, join(folder, "d"));
    assert.equal(read(folder, "d/x"), "1");
    await workspace.cache.checkout(deep.md5, join(folder, "d"));
    assert.equal(read(folder, "d/x/y"), "2");
    mkdirSync(join(folder, "d/x/.git"));
    write(folder, { "d/x/.git/config": "theirs" });
    await assert.rejects(workspace.cache.checkout(flat.md5, join(folder, "d")), {
      name: "UserError",
      message: `"${join(folder, "d/x")}" is a folder with files that have no version; move them away`,
    });
    assert.equal(read(folder, "d/x/.git/config"), "theirs");
  });

  it("follows no link to a folder out of the directory", async () => {
    const { folder, workspace } = await temporaryWorkspace({ "d/a": "1" });
    await add(workspace, "d");
    const outside = temporaryFolder();
    symlinkSync(outside, join(folder, "d/sub"));
    const name = putManifest(folder, { a: "1", "sub/evil": "2" });
    await assert.rejects(workspace.cache.checkout(name, join(folder, "d")), {
      name: "UserError",
      message: `"${join(folder, "d/sub")}" is a link, where a folder belongs; move it away`,
    });
    assert.deepEqual(readdirSync(outside), []);
  });

  it("writes nothing where a link leads that stands in the directory's place", async () => {
    const { folder, workspace } = await temporaryWorkspace({ "d/a": "1", "d/b": "2" });
    const { md5 } = await add(workspace, "d");
    const path = join(folder, "d");
    rmSync(path, { recursive: true });
    const outside = temporaryFolder();
    write(outside, { a: "1" });
    symlinkSync(outside, path);
    await assert.rejects(workspace.cache.checkout(md5, path, { sparing: true }), {
      name: "UserError",
      message: `"${path}" is a link to a folder, and nothing is written where it leads; remove the link, or have \`--force\` put what is wanted in its place`,
    });
    assert.deepEqual(readdirSync(outside), ["a"]);
    await workspace.cache.checkout(md5, path);
    assert.equal(lstatSync(path).isDirectory(), true);
    assert.deepEqual([readdirSync(outside), readdirSync(path).sort()], [["a"], ["a", "b"]]);
  });

  it("takes away no folder with a file that has no version, to put a file there", async () => {
    const { folder, workspace } = await temporaryWorkspace({ d: "1" });
    const { md5 } = await add(workspace, "d");
    const path = join(folder, "d");
    rmSync(path);
    write(folder, { ".dvcignore": "*.log\n", "d/known": "1" });
    for (const unseen of ["my.log", "theirs/.dvc/config", ".git/config"]) {
      write(path, { [unseen]: "mine" });
      const refused = await workspace.cache.checkout(md5, path, { sparing: true });
      assert.equal(refused.outcome === "refused" && refused.file, unseen);
      assert.equal(read(path, unseen), "mine");
      rmSync(join(path, unseen));
    }
    assert.equal((await workspace.cache.checkout(md5, path, { sparing: true })).outcome, "written");
    assert.equal(read(folder, "d"), "1");
  });

  it("changes a directory on another disk than the repository's", async (t) => {
    const { folder, workspace } = await temporaryWorkspace({ "d/a": "1", "d/b": "2" });
    const { md5 } = await add(workspace, "d");
    if (!existsSync("/dev/shm") || statSync("/dev/shm").dev === statSync(folder).dev) {
      t.skip("there is no other disk");
      return;
    }
    const path = mkdtempSync("/dev/shm/trainyard-");
    try {
      write(path, { a: "1" });
      assert.equal((await workspace.cache.checkout(md5, path)).outcome, "written");
      assert.deepEqual([readdirSync(path).sort(), read(path, "b")], [["a", "b"], "2"]);
    } finally {
      rmSync(path, { recursive: true });
    }
  });

  it("takes paths of a thousand characters and more", async () => {
    const { folder, workspace } = await temporaryWorkspace();
    const deep = Array.from({ length: 6 }, (_, i) => `${i}`.repeat(200)).join("/");
    write(folder, { [`d/${deep}/x`]: "1" });
    const { md5 } = await add(workspace, "d");
    rmSync(join(folder, "d"), { recursive: true });
    await workspace.cache.checkout(md5, join(folder, "d"));
    assert.equal(read(folder, `d/${deep}/x`), "1");
  });

  it("is not hashed again afterwards, and what is written next is seen", async () => {
    const { folder, workspace } = await temporaryWorkspace({ "d/a": "1", "d/b": "2" });
    const { md5 } = await add(workspace, "d");
    rmSync(join(folder, "d"), { recursive: true });
    await workspace.cache.checkout(md5, join(folder, "d"));
    const read: string[] = [];
    const look = (relpath: string): number => read.push(relpath);
    const fresh = diskFiles(folder, silent()); // as in the next process
    const measured = await fresh.measure(join(folder, "d"), { names: "md5", look });
    assert.deepEqual([measured?.named.md5, read], [md5, []]);
    writeFileSync(join(folder, "d/b"), "3");
    assert.notEqual((await fresh.named(join(folder, "d")))?.md5, md5);
    assert.equal((await workspace.cache.checkout(md5, join(folder, "d"))).outcome, "written");
    await diskFiles(folder, silent()).measure(join(folder, "d"), { names: "md5", look });
    assert.deepEqual(read, [], "nor after a change");
  });

  it("leaves out what .dvcignore says, as add does", async () => {
    const { folder, workspace } = await temporaryWorkspace({
      ".dvcignore": "*.log\n",
      "d/a": "1",
      "d/x.log": "noise",
      "d/other/.dvc/config": "",
      "d/other/file": "of another repository",
    });
    const { md5, nfiles } = await add(workspace, "d");
    assert.equal(nfiles, 1);
    assert.equal((await workspace.cache.checkout(md5, join(folder, "d"))).outcome, "kept");
    const name = putManifest(folder, { a: "1", "x.log": "listed" });
    const done = await workspace.cache.checkout(name, join(folder, "d"), { sparing: true });
    assert.deepEqual(done.outcome === "refused" && done.file, "x.log");
  });
});

describe("a large object that has just come", () => {
  it("is copied as it came, and hashed where it was touched since", async () => {
    const { folder, workspace } = await temporaryWorkspace();
    const bytes = Buffer.alloc(3 << 20, "x");
    const { md5, sha256 } = digestOf(bytes);
    const incoming = async function* () {
      yield bytes;
    };
    await workspace.cache.receive(md5, incoming);
    const object = join(folder, ".dvc/cache", objectPath(md5));
    const first = await workspace.cache.checkout(md5, join(folder, "first"), { sha256 });
    assert.equal(first.outcome, "written");
    assert.equal((await workspace.files.content(join(folder, "first")))?.sha256, sha256);
    assert.equal(statSync(join(folder, "first")).mode & 0o200, 0o200);
    const { atime, mtime } = statSync(object);
    chmodSync(object, 0o644);
    writeFileSync(object, Buffer.alloc(3 << 20, "y"));
    utimesSync(object, atime, mtime); // which leaves another ctime
    await assert.rejects(workspace.cache.checkout(md5, join(folder, "second")), /is damaged/);
    assert.deepEqual([existsSync(join(folder, "second")), existsSync(object)], [false, false]);
  });
});

describe("an object of DVC 2", () => {
  it("is checked out, known again, and held to its name", async () => {
    const { folder, workspace } = await temporaryWorkspace();
    const text = "line1\r\nline2\r\n";
    const name = "md5-dos2unix:4fcc82a88ee38e0aa16c17f512c685c9" as Md5;
    write(folder, { ".dvc/cache/4f/cc82a88ee38e0aa16c17f512c685c9": text });
    await workspace.cache.checkout(name, join(folder, "old.txt"));
    assert.equal(read(folder, "old.txt"), text);
    assert.equal(await workspace.files.holds(join(folder, "old.txt"), name), true);
    assert.equal((await workspace.cache.checkout(name, join(folder, "old.txt"))).outcome, "kept");
    write(folder, { ".dvc/cache/4f/cc82a88ee38e0aa16c17f512c685c9": "other" });
    await assert.rejects(workspace.cache.checkout(name, join(folder, "new.txt")), /is damaged/);
    assert.equal(existsSync(join(folder, "new.txt")), false);
  });
});

describe("a full disk", () => {
  it("leaves no manifest of which the end is missing", async () => {
    const { folder } = await temporaryWorkspace(
      Object.fromEntries(Array.from({ length: 240 }, (_, i) => [`d/${"n".repeat(20)}${i}`, `${i}`])),
    );
    // A limit on the size of files stands in for the disk's end: the write is cut, the next one fails.
    const script = `
      import { openWorkspace } from ${JSON.stringify(resolve("src/adapters/workspace.ts"))};
      import { silentProgress } from ${JSON.stringify(resolve("src/adapters/progress/lines.ts"))};
      import { add } from ${JSON.stringify(resolve("src/artifacts/add.ts"))};
      await add(await openWorkspace(${JSON.stringify(folder)}, silentProgress), "d").then(
        () => process.stdout.write("added"),
        (error) => process.stdout.write(error.code ?? error.message),
      );`;
    const file = join(temporaryFolder(), "script.mts");
    writeFileSync(file, script);
    const { stdout, stderr } = spawnSync(
      "sh",
      ["-c", `ulimit -f 32; exec "${process.execPath}" --import tsx "${file}"`],
      { encoding: "utf8", env: { ...process.env, TSX_DISABLE_CACHE: "1", NODE_NO_WARNINGS: "1" } },
    );
    assert.equal(stdout, "EFBIG", stderr);
    const left = readdirSync(join(folder, ".dvc/cache"), { recursive: true }).map(String);
    assert.deepEqual(
      left.filter((path) => path.endsWith(".dir") || path.startsWith("tmp/")),
      [],
    );
    assert.equal(existsSync(join(folder, "d.dvc")), false);
  });
});

describe("cache.type", () => {
  for (const type of ["hardlink", "symlink"] as const) {
    it(`${type} makes read-only links, of add and checkout, which unprotect ends`, async () => {
      const { folder } = await temporaryWorkspace({ "d/a": "1", "d/empty": "", "one.csv": "2" });
      const workspace = await configured(folder, `    type = ${type},copy\n`);
      const { md5 } = await add(workspace, "d");
      await add(workspace, "one.csv");
      const object = join(folder, ".dvc/cache", objectPath(digestOf("1").md5));
      const isLink = (path: string): boolean =>
        type === "symlink"
          ? lstatSync(join(folder, path)).isSymbolicLink()
          : statSync(join(folder, path)).ino === statSync(object).ino;
      assert.equal(isLink("d/a"), true);
      assert.equal(statSync(join(folder, "d/a")).mode & 0o777, 0o444);
      assert.equal(
        lstatSync(join(folder, "d/empty")).nlink,
        1,
        "an empty file is a file of its own, as DVC does",
      );
      assert.equal((await workspace.files.named(join(folder, "d")))?.md5, md5);
      assert.equal((await add(workspace, "d")).changed, false);
      rmSync(join(folder, "d"), { recursive: true });
      await workspace.cache.checkout(md5, join(folder, "d"));
      assert.equal(isLink("d/a"), true);
      assert.equal(await workspace.cache.unprotect(join(folder, "d")), 1);
      assert.equal(isLink("d/a"), false);
      writeFileSync(join(folder, "d/a"), "changed");
      assert.equal(readFileSync(object, "utf8"), "1");
      const { outcome } = await workspace.cache.checkout(md5, join(folder, "d"), { relink: true });
      assert.deepEqual([outcome, isLink("d/a")], ["written", true]);
    });
  }

  it("changes nothing where a link to a folder leads", async () => {
    const { folder, workspace } = await temporaryWorkspace();
    const outside = temporaryFolder();
    write(outside, { a: "1" });
    chmodSync(join(outside, "a"), 0o444);
    symlinkSync(outside, join(folder, "d"));
    await assert.rejects(workspace.cache.unprotect(join(folder, "d")), {
      name: "UserError",
      message: `"${join(folder, "d")}" is a link to a folder, and nothing is changed where it leads`,
    });
    assert.equal(statSync(join(outside, "a")).mode & 0o777, 0o444);
  });

  it("falls back to the next kind, and says where there is none", async () => {
    const { folder } = await temporaryWorkspace({ "a.csv": "x".repeat(100_000) });
    const workspace = await configured(folder, "    type = reflink,hardlink,copy\n");
    const { md5 } = await add(workspace, "a.csv");
    rmSync(join(folder, "a.csv"));
    await workspace.cache.checkout(md5, join(folder, "a.csv"));
    assert.equal(read(folder, "a.csv").length, 100_000);
    await assert.rejects(configured(folder, "    type = softlink\n"), {
      name: "UserError",
      message: '.dvc/config:2 cache.type is "softlink"; it lists reflink, hardlink, symlink, copy',
    });
  });

  it("leaves a program that may be run a file of its own", async () => {
    const { folder } = await temporaryWorkspace({ "run.sh": "#!/bin/sh\n" });
    const workspace = await configured(folder, "    type = hardlink\n");
    const { md5 } = await add(workspace, "run.sh");
    rmSync(join(folder, "run.sh"));
    await workspace.cache.checkout(md5, join(folder, "run.sh"), { executable: true });
    const { mode, nlink } = statSync(join(folder, "run.sh"));
    assert.deepEqual([mode & 0o111 & ~process.umask(), nlink], [0o111 & ~process.umask(), 1]);
  });
});

describe("a cache elsewhere", () => {
  it("is shared by two repositories, and by a group", async () => {
    const cache = join(temporaryFolder(), "shared");
    const one = await temporaryWorkspace({ "a.csv": "1" });
    const two = await temporaryWorkspace({ "b.csv": "1" });
    const first = await configured(one.folder, `    dir = ${cache}\n    shared = group\n`);
    const second = await configured(two.folder, `    dir = ${cache}\n    type = symlink\n`);
    const { md5 } = await add(first, "a.csv");
    assert.equal(statSync(join(cache, objectPath(md5), "..")).mode & 0o7777, 0o2775);
    assert.equal(statSync(join(cache, objectPath(md5))).mode & 0o777, 0o444);
    await add(second, "b.csv");
    assert.equal(lstatSync(join(two.folder, "b.csv")).isSymbolicLink(), true);
    assert.equal((await add(second, "b.csv")).changed, false, "a link into the cache is no link out");
    assert.equal(existsSync(join(one.folder, ".dvc/cache")), false);
  });
});

describe("add", () => {
  it("says in one line what makes a folder another one on every machine", async () => {
    const said: string[] = [];
    const { folder } = await temporaryWorkspace({
      "d/.DS_Store": "x",
      "d/code/__pycache__/a.pyc": "y",
      "d/text.csv": "a\r\nb\r\n",
    });
    const workspace = await openWorkspace(folder, silent(said));
    await add(workspace, "d");
    assert.deepEqual(said, [
      'd holds 2 files that systems and programs leave behind, such as ".DS_Store", and a file with line ends of Windows (CRLF), such as "text.csv": is that meant?',
    ]);
  });

  it("refuses a file that changes meanwhile, by its name, and a name that is not UTF-8", async () => {
    const { folder, workspace } = await temporaryWorkspace({ "d/a": "1", "d/b": "2".repeat(3 << 20) });
    const adding = workspace.cache.add(join(folder, "d"), (relpath) => {
      if (relpath === "b") utimesSync(join(folder, "d/a"), 1, 1); // after it was seen, before it is read
    });
    await assert.rejects(adding, { message: /d\/a" changed while it was read; try again/ });
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/d/`), Buffer.from([0xff, 0x41])]), "x");
    await assert.rejects(add(workspace, "d"), /has a name that is not UTF-8; rename it/);
  });
});
