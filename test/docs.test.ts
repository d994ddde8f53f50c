import assert from "node:assert/strict";
import { copyFileSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { globSync } from "tinyglobby";
import { parse, stringify } from "yaml";
import { parseContract } from "../src/config/parse.ts";
import { parseWaivers } from "../src/config/waivers.ts";
import { openRepository } from "./journeys/repository.ts";

/*
 * Every example in the documentation is executed: YAML as a contract, or as a part put into the
 * template's; shell lines that begin with `trainyard`, in a repository made from the template; links.
 */

const PAGES = ["README.md", "CONTRIBUTING.md", ...globSync("docs/**/*.md").sort()];
const template = readFileSync("templates/wages/trainyard.yaml", "utf8");

interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { language: string; lines: string[]; line: number } | undefined;
  for (const [index, line] of readFileSync(page, "utf8").split("\n").entries()) {
    const fence = /^```(\w*)/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === undefined) open = { language: fence[1] ?? "", lines: [], line: index + 1 };
    else {
      blocks.push({ language: open.language, text: open.lines.join("\n"), line: open.line });
      open = undefined;
    }
  }
  return blocks;
}

const isWaivers = (text: string): boolean => text.startsWith("waivers:");

test("files of waivers in the documentation are right", () => {
  const shown = PAGES.flatMap((page) => blocksOf(page).map((block) => ({ ...block, page }))).filter(
    ({ language, text }) => language === "yaml" && isWaivers(text),
  );
  assert.ok(shown.length > 0);
  for (const { text, page, line } of shown) parseWaivers(text, `${page}:${line}`);
});

for (const page of PAGES) {
  const examples = blocksOf(page).filter(
    ({ language, text }) =>
      language === "yaml" &&
      !text.startsWith("#") &&
      !isWaivers(text) &&
      !/^(schema|outs|stages|jobs|on):/m.test(text),
  );
  if (examples.length > 0) {
    test(`contracts in ${page} are right`, () => {
      for (const { text, line } of examples) {
        const whole = text.startsWith("model:")
          ? text
          : stringify({ ...parse(template), ...merged(parse(text)) });
        assert.doesNotThrow(() => parseContract(whole, `${page}:${line}`));
      }
    });
  }

  test(`links in ${page} lead somewhere`, () => {
    for (const [, target = ""] of readFileSync(page, "utf8").matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      if (/^https?:/.test(target)) continue;
      assert.doesNotThrow(
        () => readFileSync(normalize(join(dirname(page), target)), { flag: "r" }),
        `${page}: ${target}`,
      );
    }
  });
}

/** A part of `data` stands beside the template's own parts of it. */
function merged(part: Record<string, unknown>): Record<string, unknown> {
  const whole = parse(template) as { data: object };
  return part.data === undefined ? part : { ...part, data: { ...whole.data, ...(part.data as object) } };
}

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
