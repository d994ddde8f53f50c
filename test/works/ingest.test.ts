import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openPorts } from "../../src/adapters/open.ts";
import { placeText, UserError } from "../../src/errors.ts";
import run from "../../src/stages/run.ts";
import { temporaryRepository } from "../artifacts/temporary.ts";
import { contract, rows } from "./proposal.ts";

const TABLE = { sources: "data/rows.csv }", table: "data/rows.csv }\n  table: made.sql" };
const MADE = contract().replace(TABLE.sources, TABLE.table);

/** What a run of these files ends with. */
async function ended(files: Readonly<Record<string, string>>): Promise<UserError> {
  const folder = temporaryRepository({ "README.md": "hello\n", ...files });
  const ports = openPorts({ folder, stream: process.stderr, environment: { CI: "true" } });
  try {
    await run.run({ set: [], force: false, dryRun: false } as never, ports);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error;
  } finally {
    await ports.close();
    rmSync(join(folder, ".trainyard"), { recursive: true, force: true });
  }
  throw new Error("it ran");
}

describe("what cannot be read is named where the contract names it", () => {
  for (const [what, files, message] of [
    [
      "a file that is not there",
      { "trainyard.yaml": contract() },
      'trainyard.yaml:6:20 "data/rows.csv" is not there, and no "data/rows.csv.dvc" names a version of it',
    ],
    [
      "a SQL file that is not there",
      { "trainyard.yaml": MADE, "data/rows.csv": rows(20) },
      'trainyard.yaml:7:10 there is no SQL file "made.sql"',
    ],
    [
      "a file of a kind that is not known",
      { "trainyard.yaml": contract().replace("rows.csv", "rows.xlsx"), "data/rows.xlsx": "PK" },
      'trainyard.yaml:6:20 "data/rows.xlsx" does not tell by its name how it is written; say its format: csv, parquet or jsonl',
    ],
    [
      "a file without rows, over whose types the query trips",
      {
        "trainyard.yaml": MADE,
        "data/rows.csv": rows(0).trim(),
        "made.sql": "select *, a > 1.5 as more\nfrom rows",
      },
      "trainyard.yaml:6:20 data/rows.csv has no rows; made.sql:1 Cannot compare values of type VARCHAR and type DECIMAL(2,1) - an explicit cast is required",
    ],
    [
      "a positive class that the label does not have",
      {
        "trainyard.yaml": contract().replace(", positive: 1,", ", positive: good,"),
        "data/rows.csv": rows(60),
      },
      'trainyard.yaml:7:32 the positive class "good" is not among the labels: "0", "1"',
    ],
  ] as const) {
    it(what, async () => {
      const error = await ended(files);
      assert.equal(error.message, message);
      assert.equal(message.startsWith(placeText(error.at ?? { file: "" })), true);
      assert.equal(error.exit, 1);
    });
  }
});
