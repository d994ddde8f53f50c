import assert from "node:assert/strict";
import { HeadMoved } from "../../src/ports/forge.ts";
import type { Bench, Having } from "./forge.ts";

/** Branches, files, commits, runs and rules. */
export function sourceContract(having: Having, bench: () => Bench): void {
  having("branches", "knows the newest commit of a branch", async () => {
    const { forge, main, change } = bench();
    assert.equal(await forge.branch("main"), main);
    assert.equal(await forge.branch("change"), change);
    assert.equal(await forge.branch("nothing/of-that-name"), undefined);
  });

  having("branches", "makes a branch once, and leaves one that is there", async () => {
    const { forge, main, change } = bench();
    await forge.createBranch("models/wages", main);
    await forge.createBranch("models/wages", change);
    assert.equal(await forge.branch("models/wages"), main);
  });

  having("branches", "has a branch begin anew, and makes one that is not there", async () => {
    const { forge, main, change } = bench();
    await forge.moveBranch("to/move", change);
    assert.equal(await forge.branch("to/move"), change);
    await forge.moveBranch("to/move", main);
    await forge.moveBranch("to/move", main);
    assert.equal(await forge.branch("to/move"), main);
  });

  having("file", "reads a text at a commit and at a branch", async () => {
    const { forge, main, change } = bench();
    assert.equal(await forge.file("data.csv", change), "age,income\n42,50000\n");
    assert.equal(await forge.file("data.csv", "change"), "age,income\n42,50000\n");
    assert.equal(await forge.file("data.csv", main), undefined);
    assert.equal(await forge.file("folder/nothing.txt", change), undefined);
  });

  having(
    ["commit", "branches", "file"],
    "commits by the API, where the head is the expected one",
    async () => {
      const { forge, change } = bench();
      const branch = "to/commit";
      await forge.createBranch(branch, change);
      const wanted = {
        branch,
        expectedHead: change,
        message: "Train wages\n\nAs judged.",
        write: [
          { path: "models/wages.dvc", bytes: Buffer.from("outs:\n- path: wages\n") },
          { path: "bytes.bin", bytes: Buffer.from([0, 255, 10]) },
        ],
        remove: ["data.csv"],
      };
      const { sha, url } = await forge.commit(wanted);
      assert.match(url, /^http/);
      assert.equal(await forge.branch(branch), sha);
      assert.equal(await forge.file("models/wages.dvc", branch), "outs:\n- path: wages\n");
      assert.equal(await forge.file("data.csv", branch), undefined);

      assert.equal((await forge.commit(wanted)).sha, sha, "asked again, the same commit");
      await assert.rejects(forge.commit({ ...wanted, message: "Something else" }), (error) => {
        assert.ok(error instanceof HeadMoved);
        assert.equal(error.found, sha);
        return true;
      });
      assert.equal(await forge.branch(branch), sha);
      await assert.rejects(forge.commit({ ...wanted, branch: "gone" }), HeadMoved);

      const half = "to/half"; // of the very commit's name and parent, with a part of its files
      await forge.createBranch(half, change);
      await forge.commit({ ...wanted, branch: half, write: wanted.write.slice(1) });
      await assert.rejects(forge.commit({ ...wanted, branch: half }), HeadMoved);
    },
  );

  having("runs", "knows a run and what it left", async () => {
    const { forge, run } = bench();
    assert.ok(run);
    assert.equal(await forge.runs.get(987_654_321), undefined);
    const found = await forge.runs.get(run.id);
    assert.equal(found?.id, run.id);
    assert.equal(found.path, ".github/workflows/trainyard.yml");
    assert.equal(found.event, "pull_request");
    assert.equal(found.headSha, bench().change);
    assert.equal(found.headRepository, "acme/wages");
    const [artifact] = (await forge.runs.artifacts(run.id)).filter(({ name }) => name === run.name);
    assert.ok(artifact);
    assert.equal(artifact.expired, false);
    const bytes = await forge.runs.artifact(artifact.id, 1_000_000);
    assert.equal(Buffer.from(bytes.subarray(0, 2)).toString(), "PK");
    await assert.rejects(forge.runs.artifact(artifact.id, 10), /larger than the 10 B that are allowed/);
  });

  having("rules", "says that nothing protects a branch", async () => {
    const rules = await bench().forge.rules("change");
    assert.deepEqual([rules.required, rules.approvals, rules.protected], [[], 0, false]);
  });
}
