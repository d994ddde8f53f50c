import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { contractWarnings, decodeContract, parseContract } from "../../src/config/parse.ts";
import { placeText, UserError } from "../../src/errors.ts";

/*
 * Each `CASE.yaml` is a contract, and `CASE.out.txt` what is said of it, word for word. To add a case
 * is to add two files; UPDATE_GOLDEN=1 writes the second. Lines `# set: PATH=VALUE` at the top are
 * given as `--set`, and files that a case names lie beside it.
 */

const folder = new URL("../golden/config/", import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => name.slice(0, -".yaml".length));

function saidOf(name: string): string {
  try {
    const text = decodeContract(readFileSync(new URL(`${name}.yaml`, folder)), "trainyard.yaml");
    const overrides = [...text.matchAll(/^# set: (.*)$/gm)].map(([, set]) => set ?? "");
    const readFile = (path: string) => readFileSync(new URL(path, folder), "utf8");
    const parsed = parseContract(text, "trainyard.yaml", overrides, readFile);
    const warnings = contractWarnings(parsed).map(({ place, message }) => `${placeText(place)} ${message}\n`);
    return `right, with ${warnings.length} warnings\n${warnings.join("")}`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `exit ${error.exit}\n${error.message}\n`;
  }
}

describe("what is said of a contract", () => {
  for (const name of cases) {
    it(name, () => {
      const golden = new URL(`${name}.out.txt`, folder);
      const said = saidOf(name);
      if (process.env.UPDATE_GOLDEN === "1") writeFileSync(golden, said);
      assert.ok(existsSync(golden), `${name}.out.txt is missing; UPDATE_GOLDEN=1 writes it`);
      assert.equal(said, readFileSync(golden, "utf8"));
    });
  }

  it("is kept for every case, and for nothing else", () => {
    const kept = readdirSync(folder).filter((name) => name.endsWith(".out.txt"));
    assert.deepEqual(kept.sort(), cases.map((name) => `${name}.out.txt`).sort());
  });
});
