import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { gitRepo } from "../../../src/adapters/repo/git.ts";
import { git, temporaryRepository } from "../../artifacts/temporary.ts";

describe("the tags of a Git repository", () => {
  it("are none in one without", async () => {
    assert.deepEqual(await (await gitRepo(temporaryRepository()))?.tags(), []);
  });

  it("are the annotated ones of commits, with who, when and what, whoever wrote them", async () => {
    const folder = temporaryRepository();
    const commit = git(folder, "rev-parse", "HEAD").trim();
    /** A tag's object as its writer wants it, which `git tag` might refuse. */
    const written = (name: string, head: string, message: string): void => {
      const object = `object ${commit}\ntype commit\ntag ${name}\n${head}\n\n${message}`;
      const sha = execFileSync("git", ["hash-object", "-t", "tag", "-w", "--stdin", "--literally"], {
        cwd: folder,
        input: object,
        encoding: "utf8",
      }).trim();
      git(folder, "update-ref", `refs/tags/${name}`, sha);
    };
    git(folder, "tag", "wages@v0.9.0"); // lightweight
    git(folder, "tag", "-a", "of-a-blob", "-m", "x", `${commit}:README.md`);
    written("wages@v1.0.0", "tagger Ada É <a@b> 1700000000 +0200", "first line\n\nTrainyard-Pull: 1\n");
    written("models=wages#production!#4", "tagger Ben <b@c> 1700000001 +0000", "");
    written("without-tagger", "", "from the last century\n");
    written("out-of-time", "tagger Eve <e@f> 99999999999999999 +0000", "x\n");
    git(folder, "tag", "-a", "of-a-tag", "-m", "x", "wages@v1.0.0");

    const found = new Map((await (await gitRepo(folder))?.tags())?.map((tag) => [tag.name, tag]));
    for (const none of ["wages@v0.9.0", "of-a-blob"]) assert.ok(!found.has(none), none);
    assert.deepEqual(found.get("wages@v1.0.0"), {
      name: "wages@v1.0.0",
      commit,
      message: "first line\n\nTrainyard-Pull: 1\n",
      tagger: "Ada É",
      at: "2023-11-14T22:13:20.000Z",
    });
    assert.deepEqual(found.get("models=wages#production!#4"), {
      name: "models=wages#production!#4",
      commit,
      message: "",
      tagger: "Ben",
      at: "2023-11-14T22:13:21.000Z",
    });
    assert.equal(found.get("without-tagger")?.at, "1970-01-01T00:00:00.000Z");
    assert.ok(!Number.isNaN(Date.parse(found.get("out-of-time")?.at ?? "")));
  });
});
