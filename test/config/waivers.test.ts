import assert from "node:assert/strict";
import { test } from "node:test";
import { parseWaivers } from "../../src/config/waivers.ts";

const GATES = ["roc_auc >= 0.80", "f1 >= baseline - 0.01"];

const file = (entry: string): string => `# What may be passed by.
waivers:
  - gate: roc_auc >= 0.80
    by: "@anna"
    because: the new sensor needs three months
    until: 2026-12-31
${entry}`;

/** The errors of a file, each with its place. */
function errors(text: string): string[] {
  try {
    parseWaivers(text, "waivers.yaml", GATES);
  } catch (error) {
    return (error as Error).message.split("\n");
  }
  return [];
}

test("an entry says which gate, by whom, why, and until when, and knows its line", () => {
  const [one, two] = parseWaivers(
    file(`  - { gate: f1 >= baseline - 0.01, by: "@acme/risk", because: x, until: 2028-02-29, pull: 7 }\n`),
    "waivers.yaml",
    GATES,
  );
  assert.deepEqual(one, {
    gate: "roc_auc >= 0.80",
    by: "@anna",
    because: "the new sensor needs three months",
    until: "2026-12-31",
    line: 3,
  });
  assert.equal(two?.line, 7);
  assert.equal(two?.pull, 7);
});

test("one that names no gate is refused where it stands, with the nearest gate", () => {
  assert.deepEqual(errors(file(`  - { by: "@a", because: b, until: 2026-01-01, gate: roc_auc >= 0.8 }\n`)), [
    'waivers.yaml:7:54 the contract has no gate "roc_auc >= 0.8"; the nearest is "roc_auc >= 0.80"',
  ]);
});

const WRONG: readonly (readonly [string, string, RegExp])[] = [
  ["no such day", `gate: roc_auc >= 0.80, by: "@a", because: b, until: 2026-02-30`, /:7:\d+ .*YYYY-MM-DD/],
  ["a time", `gate: roc_auc >= 0.80, by: "@a", because: b, until: 2026-02-03T10:00`, /YYYY-MM-DD/],
  ["no end", `gate: roc_auc >= 0.80, by: "@a", because: b`, /missing key "until"/],
  ["nobody", `gate: roc_auc >= 0.80, by: anna, because: b, until: 2026-02-03`, /"@anna"/],
  ["no reason", `gate: roc_auc >= 0.80, by: "@a", because: " ", until: 2026-02-03`, /a waiver says why/],
  ["short digest", `gate: roc_auc >= 0.80, by: "@a", because: b, until: 2026-02-03, digest: sha256:ab`, /64/],
  ["a slip", `gate: roc_auc >= 0.80, by: "@a", becuse: b, until: 2026-02-03`, /did you mean "because"/],
];

for (const [name, entry, says] of WRONG) {
  test(`refused: ${name}`, () => {
    const found = errors(file(`  - { ${entry} }\n`));
    assert.notDeepEqual(found, []);
    assert.match(found.join("\n"), says);
    for (const line of found) assert.match(line, /^waivers\.yaml:7:\d+ /);
  });
}

test("a file of another shape is refused", () => {
  assert.match(errors("- gate: x\n").join(), /waivers\.yaml:1:1 found a list; it is a map with one key/);
  assert.match(errors("").join(), /waivers\.yaml:1:1 the file is empty/);
  assert.match(errors("waivers: 3\n").join(), /waivers\.yaml:1:10 /);
  assert.deepEqual(errors("waivers: []\n"), []);
});
