import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { parse, stringify } from "yaml";
import { parseContract } from "../src/config/parse.ts";
import { parseWaivers } from "../src/config/waivers.ts";
import { blocksOf, PAGES } from "./pages.ts";

/*
 * Every example in the documentation is executed: YAML as a contract, or as a part put into the
 * template's; links. Shell lines are run by test/wider/commands.test.ts.
 */

const template = readFileSync("templates/wages/trainyard.yaml", "utf8");

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
