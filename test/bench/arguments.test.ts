import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const BENCH = fileURLToPath(new URL("../../bench/", import.meta.url));
/** What others import, and nobody starts. */
const PARTS = ["arguments.ts", "least.ts", "result.ts"];

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a bench says; that it measures nothing is seen by its output being none of JSON. */
function started(file: string, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["--import", "tsx", `${BENCH}${file}`, ...args], (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

describe("a bench", { concurrency: true }, () => {
  it("is asked as all others are", () => {
    const files = readdirSync(BENCH).filter((name) => name.endsWith(".ts") && !PARTS.includes(name));
    assert.ok(files.length > 10);
    for (const name of files) {
      const source = readFileSync(`${BENCH}${name}`, "utf8");
      assert.match(source, /\b(askedOf|main)\(import\.meta\.url/, name);
      assert.match(source, /^\/\*\n \* [A-Z]/m, `${name} says what it is for at its head`);
      assert.doesNotMatch(source, /parseArgs/, name);
    }
  });

  it("says what it measures, takes and needs, and measures nothing", async () => {
    const { code, out } = await started("large-file.ts", "--help");
    assert.equal(code, 0);
    const [usage, claim, , options, needs, ...rest] = out.trim().split("\n\n");
    assert.equal(usage, "node --import tsx bench/large-file.ts [options]");
    assert.match(claim ?? "", /^Claim: a file over 4 GiB is added, [^*]+$/);
    assert.match(
      options ?? "",
      /^ {2}--gigabytes N {2}size of the file \(4\.1\)\n {2}--folder PATH {2}where .+\n {2}--help {9}prints this$/,
    );
    assert.equal(needs, "Needs npm run build; git, md5sum and /usr/bin/time.");
    assert.deepEqual(rest, []);
  });

  for (const [what, file, args, message] of [
    ["an option that is not known", "validate.ts", ["--turns", "3"], "validate.ts: unknown option '--turns'"],
    ["more than it takes", "validate.ts", ["flights"], "validate.ts: unexpected argument 'flights'"],
    [
      "what is no number",
      "large-file.ts",
      ["--gigabytes", "much"],
      '--gigabytes is a number from 0 up, found "much"',
    ],
    ["a bench that is not there", "run.ts", ["speed"], 'no bench "speed"; one of: unchanged, '],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { code, out, err } = await started(file, ...args);
      assert.equal(code, 2);
      assert.equal(out, "");
      assert.ok(err.includes(message), err);
    });
  }
});
