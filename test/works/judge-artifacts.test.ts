import assert from "node:assert/strict";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openPorts } from "../../src/adapters/open.ts";
import { add } from "../../src/artifacts/add.ts";
import { push } from "../../src/artifacts/push.ts";
import { printLock } from "../../src/core/artifacts/lock.ts";
import type { JudgedModel } from "../../src/core/proposal/documents.ts";
import { changedBetween } from "../../src/works/changed-states.ts";
import { baseTree, copiedTree } from "../../src/works/given-tree.ts";
import { type JudgedArtifacts, judgeArtifacts } from "../../src/works/judge-artifacts.ts";
import type { Scene } from "../../src/works/judge-scene.ts";
import { git, temporaryFolder, temporaryRepository, write } from "../artifacts/temporary.ts";
import { lockOf, named } from "./lineage/locks.ts";

/** Judges what the checked-out branch does to data, against main. */
async function judged(folder: string, models: readonly JudgedModel[] = []): Promise<JudgedArtifacts> {
  const ports = openPorts({ folder, stream: process.stderr, environment: { CI: "true" } });
  const head = await copiedTree(ports, folder);
  const base = await baseTree(ports, folder, "main");
  try {
    const changed = await changedBetween(head, base, undefined);
    return await judgeArtifacts({ head, base } as Scene, changed, models);
  } finally {
    await head.close();
    await base.close();
  }
}

/** Gives paths a version, and commits. */
async function commit(folder: string, subject: string, paths: readonly string[] = []): Promise<void> {
  const ports = openPorts({ folder, stream: process.stderr, environment: { CI: "true" } });
  const workspace = await ports.workspace(folder);
  for (const path of paths) await add(workspace, join(folder, path));
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", subject);
}

describe("what a change does to data and models", () => {
  it("is told by sizes and counts, of what Git does not hold; machine-made files and CRLF are warned of", async () => {
    const folder = temporaryRepository({ "trainyard.yaml": "model: wages\n" });
    write(folder, {
      "data/cps.csv": "a\n1\n2\n",
      "data/images/1.png": "one",
      "data/images/2.png": "two",
      "data/images/3.png": "three",
      "data/notes.txt": "first\nsecond\n",
    });
    await commit(folder, "Data", ["data/cps.csv", "data/images", "data/notes.txt"]);
    git(folder, "switch", "-qc", "change");
    write(folder, {
      "data/cps.csv": "a\n1\n2\n3\n",
      "data/images/2.png": "TWO",
      "data/images/4.png": "four",
      "data/images/.DS_Store": "x",
      "data/notes.txt": "first\r\nsecond\r\n",
      "new.bin": "n",
    });
    rmSync(join(folder, "data/images/3.png"));
    await commit(folder, "More", ["data/cps.csv", "data/images", "data/notes.txt", "new.bin"]);
    const { artifacts, tables, notes } = await judged(folder);
    assert.deepEqual(
      artifacts.map(({ path, kind, before, after, files }) => [path, kind, before, after, files]),
      [
        ["data/cps.csv", "changed", 6, 8, null],
        ["data/images", "changed", 11, 11, { added: 2, changed: 1, removed: 1, renamed: 0 }],
        ["data/notes.txt", "changed", 13, 15, null],
        ["new.bin", "added", null, 1, null],
      ],
    );
    const [cps, images, text] = artifacts;
    assert.deepEqual(cps?.table, {
      rows: { before: 2, after: 3 },
      columns: { before: 1, after: 1 },
      added: [],
      removed: [],
      retyped: [],
    });
    assert.deepEqual([images?.table, text?.table], [null, null]);
    assert.deepEqual(tables, []);
    assert.equal(notes.length, 2, notes.join("\n"));
    assert.match(notes[0] ?? "", /^"data\/images" comes to hold "\.DS_Store", made by a machine/);
    assert.match(notes[1] ?? "", /^"data\/notes\.txt" differs .* only in that its lines end in CRLF/);
  });

  it("tells rows and columns of each table, and of one that is not read why, with bytes of the base's remote", async () => {
    const store = temporaryFolder();
    const folder = temporaryRepository({ "trainyard.yaml": "model: wages\n" });
    write(folder, {
      ".dvc/config": `[core]\n    remote = store\n['remote "store"']\n    url = ${store}\n`,
      "changed.csv": "a,b\n1,x\n",
      "gone.jsonl": '{"a": 1}\n{"a": 2}\n',
      "moved.csv": "m\n1\n",
      "notes.txt": "first\nsecond\n",
      "broken.parquet": "1",
      "nowhere.csv": "n\n",
    });
    const paths = ["changed.csv", "gone.jsonl", "moved.csv", "notes.txt", "broken.parquet", "nowhere.csv"];
    await commit(folder, "Data", paths);
    const workspace = await openPorts({ folder, stream: process.stderr, environment: {} }).workspace(folder);
    await push(workspace);
    git(folder, "switch", "-qc", "change");
    for (const path of ["gone.jsonl", "gone.jsonl.dvc"]) rmSync(join(folder, path));
    renameSync(join(folder, "moved.csv.dvc"), join(folder, "there.csv.dvc"));
    write(folder, {
      "there.csv.dvc": (readFileSync(join(folder, "there.csv.dvc"), "utf8") as string).replace(
        "moved",
        "there",
      ),
      "changed.csv": "a,c\n1.5,x\n2,y\n",
      "new.csv": "a,b,c\n1,2,3\n",
      "notes.txt": "first\r\nsecond\r\n",
      "broken.parquet": "2",
      "nowhere.csv": "n\n1\n",
    });
    await commit(folder, "More", ["changed.csv", "new.csv", "notes.txt", "broken.parquet", "nowhere.csv"]);
    await push(workspace);
    for (const lost of ["n\n1\n", "first\nsecond\n"]) {
      const { md5 } = named(lost);
      rmSync(join(store, "files/md5", md5.slice(0, 2), md5.slice(2)));
    }
    rmSync(join(folder, ".dvc/cache"), { recursive: true });
    const { artifacts, notes } = await judged(folder);
    assert.deepEqual(
      artifacts.map(({ path, table }) => [path, table]),
      [
        [
          "broken.parquet",
          { unread: '"broken.parquet" is not a whole Parquet file: write it again, or say its format' },
        ],
        [
          "changed.csv",
          {
            rows: { before: 1, after: 2 },
            columns: { before: 2, after: 2 },
            added: ["c"],
            removed: ["b"],
            retyped: ["a: BIGINT → DOUBLE"],
          },
        ],
        [
          "gone.jsonl",
          {
            rows: { before: 2, after: null },
            columns: { before: 1, after: null },
            added: [],
            removed: [],
            retyped: [],
          },
        ],
        ["there.csv", null],
        [
          "new.csv",
          {
            rows: { before: null, after: 1 },
            columns: { before: null, after: 3 },
            added: [],
            removed: [],
            retyped: [],
          },
        ],
        ["notes.txt", null],
        ["nowhere.csv", { unread: "the remote has not its bytes" }],
      ],
    );
    assert.equal(notes.length, 1, notes.join("\n"));
    assert.match(
      notes[0] ?? "",
      /^"notes\.txt" differs .* only in that its lines end in CRLF/,
      "by its digest",
    );
  });

  it("is warned of where a large file goes into Git", async () => {
    const folder = temporaryRepository({ "trainyard.yaml": "model: wages\n" });
    git(folder, "switch", "-qc", "change");
    writeFileSync(join(folder, "big.bin"), Buffer.alloc(5 * 2 ** 20));
    writeFileSync(join(folder, "less.bin"), Buffer.alloc(5 * 2 ** 20 - 1));
    await commit(folder, "Large");
    const { notes } = await judged(folder);
    assert.equal(notes.length, 1);
    assert.match(notes[0] ?? "", /^"big\.bin" is 5\.2 MB and goes into Git/);
  });

  it("counts the pointer that the judge itself writes, and tells rows and columns by the locks", async () => {
    const before = lockOf({});
    const folder = temporaryRepository({
      "trainyard.yaml": "model: wages\n",
      "trainyard.lock": printLock(before),
    });
    git(folder, "switch", "-qc", "change");
    const after = lockOf({ data: "more", epochs: 70 });
    const ingest = after.get("ingest") ?? assert.fail();
    const lock = new Map([
      ...after,
      ["ingest", { ...ingest, facts: { rows: 600, columns: { age: "DOUBLE", region: "VARCHAR" } } }],
    ]);
    const { artifacts, tables, notes } = await judged(folder, [
      {
        model: "wages",
        folder: ".",
        files: [{ path: "trainyard.lock", text: printLock(lock) }],
      } as JudgedModel,
    ]);
    assert.deepEqual(
      artifacts.map(({ path, kind, files }) => [path, kind, files]),
      [["models/wages", "changed", null]],
      "its manifests are nowhere",
    );
    assert.deepEqual(tables, [
      {
        model: "wages",
        rows: { before: 534, after: 600 },
        added: ["region"],
        removed: [],
        retyped: ["age: BIGINT → DOUBLE"],
      },
    ]);
    assert.deepEqual(notes, []);
  });

  it("is not told where a pointer file is broken or leads out, and the judge goes on", async () => {
    const folder = temporaryRepository({ "trainyard.yaml": "model: wages\n" });
    git(folder, "switch", "-qc", "change");
    write(folder, {
      "x.dvc": "outs:\n- md5: 60b725f10c9c85c70d97880dfe8191b3\n  hash: md5\n  path: ../../etc/passwd\n",
    });
    await commit(folder, "Hostile");
    const { artifacts, notes } = await judged(folder);
    assert.deepEqual(artifacts, []);
    assert.match(notes.join("\n"), /^data and models could not be compared: .*x\.dvc:4/);
  });
});
