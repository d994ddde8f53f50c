import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { showLog } from "../../../src/core/lineage/show-log.ts";
import { versionLog } from "../../../src/works/lineage/log.ts";
import { git, silent, temporaryRepository, write } from "../../artifacts/temporary.ts";
import { filesOf, modelOf, named, pointerTo } from "./locks.ts";

const PLAIN = { colour: false, width: 100 };

/** Commits files. @returns the commit */
function commit(folder: string, subject: string, files: Readonly<Record<string, string>>): string {
  write(folder, files);
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", subject);
  return git(folder, "rev-parse", "HEAD").trim();
}

const logOf = async (folder: string, path: string, most = 100, revision = "HEAD") =>
  versionLog(await openWorkspace(folder, silent()), { path, most, revision });

describe("the log of a version", () => {
  it("tells of each commit what it was and is, from what, and how good", async () => {
    const folder = temporaryRepository();
    const first = commit(folder, "First model", filesOf({ auc: 0.7 }));
    commit(folder, "Words", { "README.md": "more\n" });
    const second = commit(folder, "Train longer", filesOf({ epochs: 80, auc: 0.72 }));
    const { entries, more } = await logOf(folder, "models/wages");
    assert.equal(more, false);
    assert.deepEqual(
      entries.map(({ commit: id, author, subject, stage }) => [id, author, subject, stage]),
      [
        [second, "Test", "Train longer", "train"],
        [first, "Test", "First model", "train"],
      ],
    );
    const [newest, oldest] = entries;
    const { md5, sha256, size, nfiles } = modelOf({ epochs: 80 });
    assert.deepEqual(
      [newest?.after?.name, newest?.after?.sha256, newest?.after?.size, newest?.after?.nfiles],
      [md5, sha256, size, nfiles],
    );
    assert.equal(newest?.before?.name, modelOf({}).md5);
    assert.equal(oldest?.before, undefined);
    assert.deepEqual(newest?.files, ["models/wages.dvc", "trainyard.lock"]);
    assert.deepEqual(newest?.causes, ["parameter train.params.epochs changed 60 → 80"]);
    assert.deepEqual(newest?.metrics, { roc_auc: 0.72, f1: 0.6 });
    assert.deepEqual(newest?.metricsBefore, { roc_auc: 0.7, f1: 0.6 });
    assert.deepEqual(
      newest?.inputs.map(({ name, md5: digits }) => [name, digits]),
      [
        ["data/cps.csv", named("rows").md5],
        ["high_wage.sql", named("select").md5],
      ],
    );
    const shown = showLog(entries.slice(0, 1), PLAIN).split("\n");
    assert.match(shown[0] ?? "", /^[0-9a-f]{7} {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}Test {2}Train longer$/);
    assert.deepEqual(shown.slice(1), [
      `  models/wages  ${modelOf({}).md5.slice(0, 8)}, 7 B in 2 files → ${md5.slice(0, 8)}, 7 B in 2 files`,
      "    because  parameter train.params.epochs changed 60 → 80",
      `    from     data/cps.csv ${named("rows").md5.slice(0, 8)}, high_wage.sql ${named("select").md5.slice(0, 8)}`,
      "    metrics  roc_auc 0.720 (+0.020), f1 0.600",
    ]);
  });

  it("follows a data file's pointer, with what was measured on it in the same commit, to its end", async () => {
    const folder = temporaryRepository();
    commit(folder, "Rows", { "data/cps.csv.dvc": pointerTo("rows", "cps.csv") });
    commit(folder, "More", {
      "data/cps.csv.dvc": pointerTo("more", "cps.csv"),
      ...filesOf({ data: "more", auc: 0.8 }),
    });
    rmSync(join(folder, "data/cps.csv.dvc"));
    commit(folder, "Gone", {});
    const { entries } = await logOf(folder, "data/cps.csv");
    assert.deepEqual(
      entries.map(({ subject, before, after, metrics }) => [
        subject,
        before?.name,
        after?.name,
        metrics.roc_auc,
      ]),
      [
        ["Gone", named("more").md5, undefined, undefined],
        ["More", named("rows").md5, named("more").md5, 0.8],
        ["Rows", undefined, named("rows").md5, undefined],
      ],
    );
  });

  it("says nothing of a lock that comes to name what a pointer file named before", async () => {
    const folder = temporaryRepository();
    const { "models/wages.dvc": pointer = "", "trainyard.lock": lock = "" } = filesOf({});
    commit(folder, "Pointer", { "models/wages.dvc": pointer });
    commit(folder, "Lock", { "trainyard.lock": lock });
    const { entries } = await logOf(folder, "models/wages");
    assert.deepEqual(
      entries.map(({ subject }) => subject),
      ["Pointer"],
    );
  });

  it("tells of a merged branch the commit that did it, and of a merge what differs from both sides", async () => {
    const folder = temporaryRepository();
    commit(folder, "First", filesOf({}));
    git(folder, "switch", "-qc", "side");
    commit(folder, "On the side", filesOf({ epochs: 70 }));
    git(folder, "switch", "-q", "main");
    commit(folder, "Words", { "README.md": "more\n" });
    git(folder, "merge", "-q", "--no-ff", "-m", "Merge", "side");
    git(folder, "switch", "-qc", "other", "HEAD~1");
    commit(folder, "Elsewhere", filesOf({ epochs: 75 }));
    git(folder, "switch", "-q", "main");
    assert.throws(() => git(folder, "merge", "-q", "other"));
    write(folder, filesOf({ epochs: 90 }));
    git(folder, "add", "-A");
    git(folder, "commit", "-qm", "Solve");
    const { entries } = await logOf(folder, "models/wages");
    assert.deepEqual(entries.map(({ subject }) => subject).sort(), [
      "Elsewhere",
      "First",
      "On the side",
      "Solve",
    ]);
    const solved = entries.find(({ subject }) => subject === "Solve");
    assert.deepEqual(
      [solved?.before?.name, solved?.after?.name],
      [modelOf({ epochs: 70 }).md5, modelOf({ epochs: 90 }).md5],
    );
  });

  it("reads outputs of dvc.lock, files inside a folder that has a version, and a workspace below the top", async () => {
    const folder = temporaryRepository();
    const lock = (text: string): string =>
      `schema: '2.0'\nstages:\n  fit:\n    cmd: x\n    outs:\n    - path: model.pkl\n      hash: md5\n      md5: ${named(text).md5}\n      size: ${text.length}\n`;
    commit(folder, "Old pipeline", { "p [1]/dvc.lock": lock("a"), "p [1]/.dvc/config": "" });
    commit(folder, "Again", { "p [1]/dvc.lock": lock("bb") });
    const below = await logOf(join(folder, "p [1]"), "model.pkl");
    assert.deepEqual(
      below.entries.map(({ subject, path, after }) => [subject, path, after?.size]),
      [
        ["Again", "model.pkl", 2],
        ["Old pipeline", "model.pkl", 1],
      ],
    );
    commit(folder, "Model", filesOf({}));
    const { entries } = await logOf(folder, "models/wages/model.json");
    assert.deepEqual(
      entries.map(({ path }) => path),
      ["models/wages"],
    );
  });

  it("goes on over what cannot be read, and says so; hostile words do nothing to a terminal", async () => {
    const folder = temporaryRepository();
    commit(folder, "First", filesOf({}));
    commit(folder, "Broken", { "trainyard.lock": "<<<<<<< HEAD\n", "x.dvc": "outs: [\n" });
    git(folder, "rm", "-q", "x.dvc");
    commit(folder, "\u001b[31mMended\u202e", filesOf({ epochs: 61 }));
    const { entries, notes } = await logOf(folder, "models/wages");
    assert.equal(entries.length, 2);
    assert.match(notes.join("\n"), /trainyard\.lock was once unreadable .* holds a merge conflict/);
    const shown = showLog(entries, PLAIN);
    assert.match(shown, /�\[31mMended�/);
    assert.equal(shown.includes("\u001b"), false);
  });

  it("ends after so many, and begins where it is told", async () => {
    const folder = temporaryRepository();
    const ids = [60, 61, 62].map((epochs) => commit(folder, `${epochs}`, filesOf({ epochs })));
    const { entries, more } = await logOf(folder, "", 2);
    assert.deepEqual([entries.map(({ subject }) => subject), more], [["62", "61"], true]);
    const older = await logOf(folder, "models/wages", 10, ids[1]);
    assert.deepEqual([older.entries.map(({ subject }) => subject), older.more], [["61", "60"], false]);
    await assert.rejects(logOf(folder, "models/wages", 10, "nowhere"), /no commit "nowhere"/);
  });
});
