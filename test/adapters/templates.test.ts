import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { copyTemplate } from "../../src/adapters/templates.ts";

function folder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "templates-"));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test("a template is copied into a folder that exists, beside what is there", async (context) => {
  const into = folder(context);
  writeFileSync(join(into, "notes.txt"), "mine");
  const paths = await copyTemplate("wages", into);
  assert.ok(paths.includes("trainyard.yaml"));
  for (const path of paths) assert.ok(readFileSync(join(into, path)).length > 0, path);
  assert.equal(readFileSync(join(into, "notes.txt"), "utf8"), "mine");
});

test("a file that is there already stops the whole copy", async (context) => {
  const into = folder(context);
  writeFileSync(join(into, "trainyard.yaml"), "mine");
  await assert.rejects(copyTemplate("wages", into), /"trainyard.yaml" is here already/);
  assert.deepEqual(readdirSync(into), ["trainyard.yaml"]);
});

for (const name of ["wage", "..", "../templates/wages", ""]) {
  test(`template ${JSON.stringify(name)} is not one of those there are`, async (context) => {
    await assert.rejects(copyTemplate(name, folder(context)), /does not exist; there are flights and wages/);
  });
}
