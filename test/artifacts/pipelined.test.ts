import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { add } from "../../src/artifacts/add.ts";
import { ensure } from "../../src/artifacts/ensure.ts";
import { pointedVersion, versionsAt } from "../../src/artifacts/version.ts";
import { digestOf } from "../../src/core/artifacts/digest.ts";
import { temporaryWorkspace, write } from "./temporary.ts";

const md5 = digestOf("1\n").md5;
const pipeline = {
  yaml: "stages:\n  a:\n    cmd: c\n    outs: [data/x.csv]\n    metrics: [m.json: {cache: false}]\n",
  lock: `schema: '2.0'\nstages:\n  a:\n    cmd: c\n    outs:\n    - path: data/x.csv\n      hash: md5\n      md5: ${md5}\n      size: 2\n`,
};

describe("what a pipeline of DVC's leaves", () => {
  it("has a version where the pipeline lies above it, and is refused to `add`", async () => {
    const { workspace, folder } = await temporaryWorkspace({
      "dvc.yaml": pipeline.yaml,
      "dvc.lock": pipeline.lock,
      "data/x.csv": "1\n",
    });
    const version = await pointedVersion(workspace, "data/x.csv");
    assert.deepEqual([version?.path, version?.name, version?.namedBy], ["data/x.csv", md5, "dvc.lock"]);
    await ensure(workspace, "data/x.csv");
    await assert.rejects(add(workspace, "data/x.csv"), /is an output of the pipeline beside dvc\.lock/);
    write(folder, { "data/x.csv": "2\n" });
    await assert.rejects(
      ensure(workspace, "data/x.csv"),
      /run `dvc commit data\/x\.csv` if the file is right/,
    );
    assert.equal(await pointedVersion(workspace, "data/y.csv"), undefined);
  });

  it("is named by its stage, too, where no path is called so", async () => {
    const { workspace } = await temporaryWorkspace({
      "deep/dvc.yaml": pipeline.yaml,
      "deep/dvc.lock": pipeline.lock,
    });
    for (const asked of ["deep/a", "deep/dvc.yaml:a", "deep/data/x.csv"]) {
      assert.deepEqual(
        (await versionsAt(workspace, [asked])).map(({ path, stage }) => [path, stage]),
        [["deep/data/x.csv", "a"]],
        asked,
      );
    }
    await assert.rejects(versionsAt(workspace, ["a"]), /nothing names a version of "a"/);
  });

  it("has none while the pipeline cannot be read", async () => {
    const { workspace } = await temporaryWorkspace({
      "dvc.yaml": "stages: [",
      "dvc.lock": "x",
      "a.csv": "1\n",
    });
    assert.equal(await pointedVersion(workspace, "a.csv"), undefined);
    assert.equal((await add(workspace, "a.csv")).changed, true);
  });
});
