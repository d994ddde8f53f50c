import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { openPorts } from "../../src/adapters/open.ts";
import { add } from "../../src/artifacts/add.ts";
import { UserError } from "../../src/errors.ts";
import gc from "../../src/stages/gc.ts";
import { temporaryFolder, temporaryWorkspace } from "../artifacts/temporary.ts";

const GIVEN = {
  ...{ workspace: false, allBranches: false, allTags: false, allCommits: false, rev: [], num: undefined },
  ...{ date: undefined, cloud: false, remote: undefined, notInRemote: false, projects: [], olderThan: 14 },
  ...{ plan: undefined, delete: undefined, force: false, dry: false, skipFailed: false, forget: false },
};

describe("gc", () => {
  for (const [given, message] of [
    [{ date: "2026-13-45" }, '--date is "2026-13-45"; it is a day such as 2026-01-31'],
    [{ date: "2026-06-31" }, '--date is "2026-06-31"; it is a day such as 2026-01-31'],
    [{ olderThan: -1 }, "--older-than is -1; it is a number of days, 0 or more"],
  ] as const) {
    it(`keeps to what is meant: ${message}`, async () => {
      const ports = openPorts({ folder: temporaryFolder(), stream: process.stderr, environment: {} });
      await assert.rejects(
        gc.run({ ...GIVEN, ...given }, ports),
        (error) => error instanceof UserError && error.message === message && error.exit === 2,
      );
    });
  }

  it("says of what a plan lists and what stays why it stays: a plan keeps no options", async () => {
    const { folder, workspace } = await temporaryWorkspace({ "a.csv": "a\n" });
    const { md5 } = await add(workspace, "a.csv");
    rmSync(join(folder, "a.csv.dvc"));
    const ports = openPorts({ folder, stream: process.stderr, environment: {} });
    const cache = join(folder, ".dvc/cache");
    const listed = await gc.run({ ...GIVEN, olderThan: 0, plan: "gc.json" }, ports);
    assert.equal(listed.text, `may go  ${md5}  2 B\n${cache}: 1 object may go, 2 B; 0 stay`);
    const young = await gc.run({ ...GIVEN, delete: "gc.json" }, ports);
    assert.equal(
      (young.text ?? "").replace(/\d{4}-\d\d-\d\d/, "TODAY"),
      `stays  ${md5}  written on TODAY\n${cache}: 0 objects are deleted, 0 B; 1 stay`,
    );
    const old = await gc.run({ ...GIVEN, delete: "gc.json", olderThan: 0 }, ports);
    assert.equal(old.text, `deleted  ${md5}  2 B\n${cache}: 1 object is deleted, 2 B; 0 stay`);
  });

  it("refuses to delete in a cache that a link shares with others", async () => {
    for (const link of [".dvc/cache", ".dvc/cache/files", ".dvc/cache/files/md5"]) {
      const { folder } = await temporaryWorkspace();
      mkdirSync(dirname(join(folder, link)), { recursive: true });
      symlinkSync(temporaryFolder(), join(folder, link));
      const ports = openPorts({ folder, stream: process.stderr, environment: {} });
      await assert.rejects(gc.run({ ...GIVEN, force: true }, ports), {
        name: "UserError",
        message: `the cache ${join(folder, ".dvc/cache")} may be that of other repositories; name them with --projects, or "." where there are none`,
      });
      await gc.run({ ...GIVEN, force: true, projects: ["."] }, ports);
    }
  });
});
