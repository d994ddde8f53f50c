import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { openRepository, type Repository } from "../../journeys/repository.ts";

/** Rows of the file that `prepare` leaves, by SQL over `prepared`. */
async function prepared({ folder }: Repository, sql: string): Promise<Record<string, unknown>[]> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  try {
    const file = join(folder, ".trainyard/prepared.parquet").replaceAll("'", "''");
    const reader = await connection.runAndReadAll(sql.replaceAll("prepared", `'${file}'`));
    return reader.getRowObjectsJson() as Record<string, unknown>[];
  } finally {
    connection.closeSync();
  }
}

const contract = (roles: string, split: string): string => `model: sides
task: regression
data:
  sources: { rows: data/rows.csv }
  roles: { label: y, ${roles} }
split: ${split}
features:
  - keep: [x]
train:
  with: linear
`;

/** So many rows of 40 groups, one every six hours from the start of 2024. */
const rows = (count: number): string => {
  const start = Date.UTC(2024, 0, 1);
  const lines = Array.from({ length: count }, (_, i) => {
    const when = new Date(start + i * 6 * 3_600_000).toISOString().slice(0, 19);
    return `r${i},g${(i * 7) % 40},${when},${i % 13},${(i * 3) % 17}`;
  });
  return `id,team,at,x,y\n${lines.join("\n")}\n`;
};

function prepare(repository: Repository): void {
  const { status, stderr } = repository.trainyard("prepare");
  assert.equal(status, 0, stderr);
}

test("rows keep their sides by hash when others come, and groups stand on one side", async (context) => {
  for (const [roles, unit] of [
    ["id: id", "id"],
    ["id: id, group: team", "team"],
  ] as const) {
    const repository = openRepository(context);
    repository.git("commit", "--quiet", "--allow-empty", "--message", "Begin");
    repository.write("trainyard.yaml", contract(roles, "{ by: hash, holdout: 25%, validation: 15% }"));
    const folder = join(repository.folder, "data");
    mkdirSync(folder);
    repository.write("data/rows.csv", rows(400));
    prepare(repository);
    const sides = async () =>
      new Map((await prepared(repository, "SELECT id, __split FROM prepared")).map((r) => [r.id, r.__split]));
    const old = await sides();
    assert.equal(old.size, 400);
    assert.deepEqual([...new Set(old.values())].sort(), ["holdout", "train", "validation"]);

    // More rows, and the old ones in another order.
    const [head, ...lines] = rows(900).trimEnd().split("\n");
    repository.write("data/rows.csv", `${[head, ...lines.reverse()].join("\n")}\n`);
    prepare(repository);
    const now = await sides();
    assert.equal(now.size, 900);
    assert.deepEqual(
      [...old].filter(([id, side]) => now.get(id) !== side),
      [],
    );
    const straddling = await prepared(
      repository,
      `SELECT ${unit} FROM prepared GROUP BY 1 HAVING count(DISTINCT __split) > 1`,
    );
    assert.deepEqual(straddling, []);
  }
});

test("random sides keep groups whole, too", async (context) => {
  const repository = openRepository(context);
  repository.git("commit", "--quiet", "--allow-empty", "--message", "Begin");
  repository.write(
    "trainyard.yaml",
    contract("id: id, group: team", "{ by: random, holdout: 25%, validation: 15% }"),
  );
  mkdirSync(join(repository.folder, "data"));
  repository.write("data/rows.csv", rows(400));
  prepare(repository);
  const sides = await prepared(
    repository,
    "SELECT team, count(DISTINCT __split) AS sides FROM prepared GROUP BY 1",
  );
  assert.equal(sides.length, 40);
  assert.ok(sides.every((row) => Number(row.sides) === 1));
});

test("by time the newest rows are held out, and the embargo is left out before each border", async (context) => {
  const repository = openRepository(context);
  repository.git("commit", "--quiet", "--allow-empty", "--message", "Begin");
  const split = "{ by: time, holdout: 25%, validation: 15%, embargo: 2d }";
  repository.write("trainyard.yaml", contract("id: id, time: at", split));
  mkdirSync(join(repository.folder, "data"));
  const [head, ...lines] = rows(400).trimEnd().split("\n");
  repository.write("data/rows.csv", `${[head, ...lines.reverse()].join("\n")}\n`);
  prepare(repository);
  const sides = await prepared(
    repository,
    `SELECT __split AS side, count(*) AS n, min(epoch("at")) AS first, max(epoch("at")) AS last
     FROM (SELECT * REPLACE (CAST("at" AS TIMESTAMP) AS "at") FROM prepared) GROUP BY 1 ORDER BY 1`,
  );
  const by = new Map(sides.map((row) => [row.side, row]));
  const count = (side: string) => Number(by.get(side)?.n ?? 0);
  // 400 rows, four a day: 100 held out, 60 before them of which eight are the embargo, and eight more.
  assert.deepEqual([count("holdout"), count("validation"), count("train")], [100, 52, 232]);
  const [two, six] = [2 * 86_400, 6 * 3_600];
  const gap = (from: string, to: string) => Number(by.get(to)?.first) - Number(by.get(from)?.last);
  assert.equal(gap("train", "validation"), two + six, "no training row within two days of the border");
  assert.equal(gap("validation", "holdout"), two + six);
});
