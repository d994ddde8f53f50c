import assert from "node:assert/strict";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readText } from "../../../src/adapters/files/text.ts";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { localStatus } from "../../../src/artifacts/local-status.ts";
import { silent, temporaryFolder, temporaryRepository, write } from "../../artifacts/temporary.ts";

test("reads a text, and says of what is too large for one how large it is", async () => {
  const path = join(temporaryFolder(), "a.txt");
  writeFileSync(path, "é\n");
  assert.equal(readText(path), "é\n");
  truncateSync(path, 2 ** 31); // no bytes on the disk
  assert.throws(() => readText(path), {
    name: "UserError",
    message: /a\.txt has 2147483648 bytes; a text of/,
  });
});

test("a pointer and a configuration of 2 GB end in one clear message", async () => {
  const folder = temporaryRepository();
  write(folder, { "a.csv.dvc": "" });
  truncateSync(join(folder, "a.csv.dvc"), 2 ** 31);
  const workspace = await openWorkspace(folder, silent());
  await assert.rejects(localStatus(workspace), {
    name: "UserError",
    message: /a\.csv\.dvc has 2147483648 bytes/,
  });
  write(folder, { ".dvc/config": "" });
  truncateSync(join(folder, ".dvc/config"), 2 ** 31);
  await assert.rejects(openWorkspace(folder, silent()), {
    name: "UserError",
    message: /config has 2147483648/,
  });
});
