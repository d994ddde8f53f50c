import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import { type Tree, treeAt, workingTree } from "../../src/artifacts/tree.ts";
import { versionsOf } from "../../src/artifacts/versions-of.ts";
import { git, silent, temporaryRepository, write } from "./temporary.ts";

const A = "60b725f10c9c85c70d97880dfe8191b3";
const B = "2cd6ee2c70b0bde53fbe6cac3c8b8bb1";
const pointer = (md5: string, path: string, more = "") =>
  `outs:\n- md5: ${md5}\n  size: 2\n  hash: md5\n  path: ${path}\n${more}`;
const text = (versions: readonly { path: string; name: string; namedBy: string }[]): string[] =>
  versions.map(({ path, name, namedBy }) => `${path} ${name} ${namedBy}`);

/** A repository that went from A to B, with a folder of its own in which work is done. */
const before = {
  ".gitignore": "/ignored.dvc\n",
  "a.csv.dvc": pointer(A, "a.csv"),
  "work/é\tb.csv.dvc": pointer(A, '"é\\tb.csv"'),
  "work/deep/legacy.dvc": `outs:\n- md5: ${A}\n  path: legacy\n`,
  "other/.dvc/config": "",
  "other/x.csv.dvc": pointer(A, "x.csv"),
  "node_modules/x.dvc": "outs: broken",
};

async function trees(
  root = ".",
): Promise<{ readonly now: Tree; readonly first: Tree; readonly folder: string }> {
  const folder = temporaryRepository(before);
  write(folder, { "a.csv.dvc": pointer(B, "a.csv"), "ignored.dvc": "broken" });
  write(folder, { ".dvc/config": "", "work/.dvc/config": "" });
  const workspace = await openWorkspace(`${folder}/${root}`, silent());
  return { now: workingTree(workspace), first: await treeAt(workspace, "HEAD"), folder };
}

describe("a tree names versions", () => {
  it("as it is and as it was, without repositories within", async () => {
    const { now, first } = await trees();
    assert.deepEqual(
      text(await versionsOf(now)),
      [`a.csv ${B} a.csv.dvc`],
      "work is another repository by now",
    );
    assert.deepEqual(text(await versionsOf(first)), [
      `a.csv ${A} a.csv.dvc`,
      `work/deep/legacy md5-dos2unix:${A} work/deep/legacy.dvc`,
      `work/é\tb.csv ${A} work/é\tb.csv.dvc`,
    ]);
    assert.equal(first.label, "HEAD");
    assert.match(first.commit ?? "", /^[0-9a-f]{40}$/);
  });

  it("below a folder that is a repository of its own, in one of Git's that is larger", async () => {
    const { now, first } = await trees("work");
    const expected = [`deep/legacy md5-dos2unix:${A} deep/legacy.dvc`, `é\tb.csv ${A} é\tb.csv.dvc`];
    assert.deepEqual(text(await versionsOf(now)), expected);
    assert.deepEqual(text(await versionsOf(first)), expected);
    assert.equal(await first.read("../a.csv.dvc"), undefined);
  });

  it("of a thousand pointers in one question to Git", async () => {
    const folder = temporaryRepository(
      Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`d/${i}.dvc`, pointer(A, `${i}.bin`)])),
    );
    const { repo, ...workspace } = await openWorkspace(folder, silent());
    assert.ok(repo !== undefined);
    let asked = 0;
    const counting = {
      ...repo,
      readAll(...given: Parameters<typeof repo.readAll>) {
        asked++;
        return repo.readAll(...given);
      },
    };
    const tree = await treeAt({ ...workspace, repo: counting }, "main");
    assert.equal((await versionsOf(tree)).length, 1000);
    assert.equal(asked, 1);
  });

  it("and says where a pointer is wrong, and that a revision is not there", async () => {
    const folder = temporaryRepository({ "a.dvc": pointer("x", "a") });
    const workspace = await openWorkspace(folder, silent());
    await assert.rejects(versionsOf(workingTree(workspace)), /a\.dvc:2:8 md5 is "x"/);
    await assert.rejects(treeAt(workspace, "nowhere"), /no commit "nowhere"/);
    await assert.rejects(treeAt({ ...workspace, repo: undefined }, "main"), /is not in a Git repository/);
    git(folder, "rm", "-q", "a.dvc");
    assert.deepEqual(await versionsOf(workingTree(workspace)), []);
  });
});
