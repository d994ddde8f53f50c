import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openRepository } from "../journeys/repository.ts";
import { blocksOf, PAGES } from "../pages.ts";

/* Every shell line in the documentation that begins with `trainyard` runs, in a repository made from the template. */

/** A command line's words; double quotes hold spaces together. */
const wordsOf = (line: string): string[] =>
  (line.match(/(?:"[^"]*"|[^\s"])+/g) ?? []).map((word) => word.replaceAll('"', ""));

test("commands in the documentation work, in the order in which they are read", (context) => {
  const repository = openRepository(context, "wages");
  const predictions = Array.from(
    { length: 40 },
    (_, row) =>
      `${row},${row % 2},${row % 3 === 0 ? 1 : row % 2},${(row % 10) / 10},${row % 4 < 2 ? "x" : "y"}`,
  );
  repository.write("p.csv", `id,y,yhat,s,g\n${predictions.join("\n")}\n`);
  copyFileSync("test/fixtures/models/exports/words.onnx", join(repository.folder, "m.onnx"));
  const asked = predictions.map(
    (_, row) => `${row % 5},${row % 3},1,0,${row % 5 > 1 ? "approved" : "rejected"}`,
  );
  repository.write("d.csv", `x0,x1,x2,x3,y\n${asked.join("\n")}\n`);
  let ran = 0;
  for (const page of PAGES) {
    for (const { language, text, line } of blocksOf(page)) {
      if (language !== "sh") continue;
      for (const command of text.split("\n")) {
        const found = /^(?:npx )?trainyard ([^#]*?)\s*(?:#.*)?$/.exec(command);
        if (found === null || /^(init|push|pull|import|rollback|serve)\b/.test(found[1] ?? "")) continue;
        const { status, stderr } = repository.trainyard(...wordsOf(found[1] ?? ""));
        assert.ok([0, 3].includes(status ?? -1), `${page}:${line} ${command}: ${stderr}`);
        ran++;
      }
    }
  }
  assert.ok(ran > 5, "the documentation shows commands");
});
