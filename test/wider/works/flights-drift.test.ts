import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parseReference, type Reference } from "../../../src/core/drift/reference.ts";
import type { Recipe } from "../../../src/core/features/recipe.ts";
import type { Engine } from "../../../src/ports/engine.ts";
import { fitReference } from "../../../src/tables/reference.ts";
import { measure } from "../../../src/works/monitor-measure.ts";
import { engineWith } from "../../tables/loaded.ts";

/* Three million flights of 2001: what a model of January is asked in other months. */

const RECIPE: Recipe = {
  schema: "trainyard/recipe/1",
  inputs: [
    { name: "date", kind: "time" },
    { name: "distance", kind: "number" },
    { name: "origin", kind: "text" },
  ],
  values: [],
  takes: "features",
  features: (["hour", "weekday", "month"] as const).map((part) => ({
    step: "date",
    column: "date",
    outputs: [`date_${part}`],
    part,
  })) as never,
  outputs: ["date_hour", "date_weekday", "date_month"],
};

describe("the model of January", () => {
  let engine: Engine;
  let reference: Reference;
  const folder = mkdtempSync(join(tmpdir(), "trainyard-flights-"));
  before(async () => {
    engine = await engineWith("flights");
    await engine.run(
      `CREATE TABLE prepared AS SELECT *, CASE WHEN month(date) = 1 AND hash(date, origin, distance) % 2 = 0 THEN 'train' ELSE 'other' END AS __split FROM flights`,
    );
    reference = parseReference(JSON.stringify(await fitReference(engine, "prepared", RECIPE, [])));
  });
  after(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What it says of so many flights of a month that are none of its training rows. */
  async function asked(month: number, rows: number) {
    const found = await engine.rows(
      `SELECT strftime(date, '%Y-%m-%dT%H:%M:%S.000Z') AS date, distance, origin FROM prepared
       WHERE __split = 'other' AND month(date) = ${month} ORDER BY hash(date, origin, distance, delay) LIMIT ${rows}`,
    );
    assert.equal(found.length, rows);
    const lines = found.map(({ date, distance, origin }, i) =>
      JSON.stringify({
        id: `${month}-${i}`,
        at: "2026-11-21T10:00:00.000Z",
        model: "late",
        version: null,
        sha256: "ab",
        environment: "production",
        inputs: { date, distance: Number(distance), origin },
        score: 0.5,
        decision: null,
        ms: 1,
      }),
    );
    const log = join(folder, `${month}-${rows}`);
    mkdirSync(log);
    writeFileSync(join(log, "a.jsonl"), lines.join("\n"));
    const measured = await measure(
      {
        folder,
        progress: { start: () => ({ update() {}, end() {} }), say() {} },
        signal: new AbortController().signal,
      },
      {
        log,
        reference,
        model: "late",
        environment: "production",
        served: { sha256: "ab", version: null },
        window: 86_400_000,
        now: new Date("2026-11-21T11:00:00Z"),
        settings: { psi: 0.2, minRows: 200, falseIssues: 0.01 },
      },
    );
    assert.equal(measured.rows, rows);
    return { ...measured, psi: new Map(measured.columns.map(({ name, psi }) => [name, psi ?? Number.NaN])) };
  }

  for (const rows of [300, 5_000, 100_000]) {
    it(`is asked about January as it was trained, ${rows} times`, async () => {
      const { verdict, psi } = await asked(1, rows);
      assert.equal(verdict, "quiet", JSON.stringify([...psi]));
    });
  }

  it("is asked about June: the month is new, and hardly anything else has moved", async (t) => {
    for (const rows of [5_000, 100_000]) {
      const { verdict, columns, psi } = await asked(6, rows);
      t.diagnostic(JSON.stringify([...psi]));
      assert.equal(verdict, "moved");
      assert.deepEqual(
        columns.filter(({ moved }) => moved).map(({ name }) => name),
        ["date (month)"],
      );
      for (const name of ["date (hour)", "date (weekday)", "origin", "distance"]) {
        assert.ok(psi.get(name)! < 0.04, `${name}: ${psi.get(name)}`);
      }
    }
  });
});
