import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { templates } from "../../src/adapters/templates.ts";
import { EVERYWHERE, STARTERS } from "../../src/core/drafts/starters.ts";

function folder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "templates-"));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("every place that a starter is made of is there, and holds something", async () => {
  const places = [...STARTERS.flatMap(({ parts }) => parts), ...Object.values(EVERYWHERE)];
  for (const place of places) {
    const files = await templates.files(place);
    assert.ok(files.length > 0, place);
    for (const file of files) assert.ok(file.bytes.length > 0, file.path);
  }
});

test("hidden files have their names again, and paths begin below the first folder", async () => {
  const paths = (await templates.files("repository")).map(({ path }) => path);
  assert.deepEqual(paths, [".gitattributes", ".github/CODEOWNERS"]);
  const [sql] = await templates.files("wages/high_wage.sql");
  assert.equal(sql?.path, "high_wage.sql");
});

for (const name of ["wage", "..", "../templates/wages", "", "wages/../flights", "/etc", "wages//data"]) {
  test(`${JSON.stringify(name)} is no place of the templates`, async () => {
    await assert.rejects(templates.files(name), /does not exist/);
  });
}

test("new files are written beside what is there, with their folders", async (context) => {
  const into = folder(context);
  writeFileSync(join(into, "notes.txt"), "mine");
  await templates.write(new Map([[join(into, "a/b/c.txt"), bytes("new")]]));
  assert.equal(readFileSync(join(into, "a/b/c.txt"), "utf8"), "new");
  assert.equal(readFileSync(join(into, "notes.txt"), "utf8"), "mine");
});

test("a file that is there already stops all of them", async (context) => {
  const into = folder(context);
  writeFileSync(join(into, "b"), "mine");
  const both = new Map([
    [join(into, "a"), bytes("new")],
    [join(into, "b"), bytes("new")],
  ]);
  await assert.rejects(templates.write(both), /b" is here already; nothing was written/);
  assert.deepEqual(readdirSync(into), ["b"]);
  assert.equal(readFileSync(join(into, "b"), "utf8"), "mine");
});

test("a file that cannot be written takes the others with it", async (context) => {
  const into = folder(context);
  writeFileSync(join(into, "file"), "mine");
  const both = new Map([
    [join(into, "a"), bytes("new")],
    [join(into, "file/below"), bytes("new")],
  ]);
  await assert.rejects(templates.write(both));
  assert.deepEqual(readdirSync(into), ["file"]);
});
