import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import { beginningOf } from "../../src/stages/doctor/beginning.ts";
import { silent, temporaryFolder, write } from "../artifacts/temporary.ts";

it("a pull request is told when verdicts begin, until its base has the judge", async () => {
  const base = temporaryFolder();
  const { files } = await openWorkspace(base, silent());
  assert.match((await beginningOf(files, base)) ?? "", /^\*\*Verdicts begin when this is merged\.\*\*/);
  const copy = (name: string): void =>
    write(base, { [`.github/workflows/${name}`]: readFileSync(`templates/workflows/${name}`, "utf8") });
  copy("trainyard.yml");
  assert.match(
    (await beginningOf(files, base)) ?? "",
    /starts the workflow that judges from the default branch alone/,
  );
  copy("trainyard-judge.yml");
  assert.equal(await beginningOf(files, base), undefined);
});
