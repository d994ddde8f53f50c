import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, it } from "node:test";
import { type OpenPorts, openPorts } from "../../src/adapters/open.ts";
import type { Bundle } from "../../src/core/models/bundle.ts";
import type { Report } from "../../src/core/report/report.ts";
import { UserError } from "../../src/errors.ts";
import evaluate from "../../src/stages/evaluate.ts";
import { predictionScores } from "../../src/works/prediction-scores.ts";

const room = mkdtempSync(join(tmpdir(), "trainyard-predictions-"));
let ports: OpenPorts;
beforeEach(async () => {
  await ports?.close();
  ports = openPorts({ folder: room, stream: process.stderr, environment: {} });
});
after(async () => {
  await ports?.close();
  rmSync(room, { recursive: true, force: true });
});

type Row = readonly [id: string, y: number, s: number, more?: number];

const rows: readonly Row[] = Array.from({ length: 40 }, (_, row) => [
  `${row}`,
  row % 2,
  ((row * 7) % 40) / 40,
]);
/** Not as good, so that what is joined wrongly shows. */
const others: readonly Row[] = rows.map(([id, y, s], row) => [id, y, row < 12 ? y / 2 + 0.3 : s]);

/** Writes both files, and asks. */
async function asked(
  candidate: readonly Row[],
  baseline: readonly Row[] | undefined,
  more: Readonly<Record<string, string | undefined>> = { key: "id" },
  header = "id,y,s",
): Promise<Report> {
  for (const [name, list] of Object.entries({ "p.csv": candidate, "q.csv": baseline ?? [] })) {
    writeFileSync(join(room, name), `${header}\n${list.map((row) => row.join(",")).join("\n")}\n`);
  }
  const result = await evaluate.run(
    {
      predictions: "p.csv",
      label: "y",
      score: "s",
      task: "auto",
      takes: "auto",
      resamples: 0,
      ...(baseline === undefined ? {} : { baseline: "q.csv" }),
      ...more,
    } as never,
    ports,
  );
  return result.json as Report;
}

const refused = (promise: Promise<unknown>, message: string, exit?: number): Promise<void> =>
  assert.rejects(promise, (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    assert.equal(error.message, message);
    if (exit !== undefined) assert.equal(error.exit, exit);
    return true;
  });

const aucOf = (report: Report) => report.metrics.find(({ name }) => name === "roc_auc");

describe("predictions beside a baseline's", () => {
  it("are joined by key, in whatever order they stand", async () => {
    const straight = aucOf(await asked(rows, others));
    assert.ok(straight?.baseline != null && straight.baseline !== straight.value);
    const byOrder = [...others].sort((a, b) => a[1] - b[1] || b[2] - a[2]);
    assert.deepEqual(aucOf(await asked(rows, byOrder)), straight);
  });

  it("are not joined by their order, even where the labels' sequence is the same", async () => {
    const swapped = others.map((_, row) => others[(row + 2) % 40] as Row);
    assert.deepEqual(
      swapped.map(([, y]) => y),
      rows.map(([, y]) => y),
    );
    await refused(
      asked(rows, swapped, {}),
      "--key is missing: the column by which the rows of q.csv are those of p.csv; give --key id, which tells the rows of both apart",
      2,
    );
  });

  it("are asked for a key that neither file has", async () => {
    const same: readonly Row[] = rows.map(([, y, s]) => ["x", y, s]);
    await refused(
      asked(same, same, {}, "note,y,s"),
      "--key is missing: the column by which the rows of q.csv are those of p.csv; write a column into both files whose value is another in every row, and give --key COLUMN",
      2,
    );
  });

  it("find the column that is called a key, and no number with digits after the point", async () => {
    const with_ = (list: readonly Row[]): Row[] =>
      list.map(([id, y, s], row) => [`${row + 0.5},v${row},${id}`, y, s]);
    await refused(
      asked(with_(rows), with_(others), {}, "size,word,row_id,y,s"),
      "--key is missing: the column by which the rows of q.csv are those of p.csv; give --key row_id, which tells the rows of both apart",
    );
  });

  it("refuse keys that stand twice, on either side and alone", async () => {
    const doubled = [...rows, ...rows.slice(3, 5)];
    const message = (file: string) =>
      `4 rows of ${file} share a key in column "id" (keys "3", "4"); leave one row a key, or name another column with --key`;
    await refused(asked(doubled, others), message("p.csv"));
    await refused(asked(doubled, undefined), message("p.csv"));
    await refused(asked(rows, [...others, ...others.slice(3, 5)]), message("q.csv"));
  });

  it("name the file in which a row has no label", async () => {
    await refused(
      asked([...rows, ["40", "" as never, 0.5]], undefined, {}),
      '1 of 41 rows has no label "y" in p.csv; leave these rows out or mend them',
    );
  });

  it("refuse rows without a key", async () => {
    await refused(
      asked(rows, [...others.slice(0, 39), ["", 1, 0.5]]),
      '1 row of q.csv has no key in column "id"; give every row one, or name another column with --key',
    );
  });

  it("refuse rows that the other file does not have, whichever it is", async () => {
    const extra: readonly Row[] = Array.from({ length: 20 }, (_, row) => [`x${row}`, 1, 0.5]);
    const end = ', by column "id"; two models are compared on the same rows';
    await refused(
      asked(rows, [...others, ...extra]),
      `20 rows of q.csv are not in p.csv (keys "x0", "x1", "x2" and 17 more)${end}`,
    );
    await refused(asked(rows, others.slice(1)), `1 row of p.csv is not in q.csv (key "0")${end}`);
    await refused(
      asked([...rows, ["n", 1, 0.5]], [...others, ...extra.slice(0, 2)]),
      `1 row of p.csv is not in q.csv (key "n"), and 2 rows of q.csv are not in p.csv (keys "x0", "x1")${end}`,
    );
  });

  it("take keys as they are written", async () => {
    const long = (list: readonly Row[]): Row[] =>
      list.map(([id, y, s], row) => [row < 2 ? `900719925474099${row + 2}` : id, y, s]);
    assert.equal((await asked(long(rows), long(others))).baseline.state, "compared");
    const padded = (list: readonly Row[]): Row[] =>
      list.map(([id, y, s], row) => [row === 0 ? "07" : id, y, s]);
    assert.equal((await asked(padded(rows), padded(others))).baseline.state, "compared");
    await refused(
      asked(padded(rows), others),
      '1 row of p.csv is not in q.csv (key "07"), and 1 row of q.csv is not in p.csv (key "0"), by column "id"; two models are compared on the same rows',
    );
  });

  it("are not comparable where a row has another label", async () => {
    const { baseline } = await asked(
      rows,
      others.map(([id, y, s], row) => [id, row === 0 ? 1 - y : y, s]),
    );
    assert.deepEqual(
      [baseline.state, baseline.reason],
      ["not comparable", "1 of 40 rows have another label in q.csv"],
    );
  });
});

describe("a model that is a file of predictions", () => {
  const bundle = {
    model: "wages",
    task: "binary-classification",
    classes: ["no", "yes"],
  } as unknown as Bundle;
  const opened = async (ids: string) => {
    const engine = await ports.engine();
    const path = join(room, "given.parquet");
    await engine.save(`SELECT * FROM (VALUES ${ids}) AS t(id, score_0)`, path);
    return predictionScores(engine, path, bundle);
  };
  const text = (...words: string[]) => ({
    rows: words.length,
    columns: new Map([
      ["__id", { kind: "text" as const, codes: Int32Array.from(words, (_, row) => row), words }],
    ]),
  });

  it("answers by id", async () => {
    const score = await opened("('a', 0.25), ('b', 0.5), ('gone', 0.75)");
    assert.deepEqual([...(await score(text("b", "a")))], [0.5, 0.25]);
    await assert.rejects(score(text("c")), /no prediction for some of these rows/);
  });

  it("is refused where it does not tell rows apart", async () => {
    const wrong = "the predictions of wages do not tell rows apart: an id is missing, or there twice";
    await refused(opened("('a', 0.25), ('b', 0.5), ('a', 0.75)"), wrong);
    await refused(opened("('a', 0.25), (NULL, 0.5)"), wrong);
  });
});
