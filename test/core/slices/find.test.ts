import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findSlices, type LossyRows } from "../../../src/core/slices/find.ts";
import { pickRows } from "../../../src/core/slices/rows.ts";
import { random } from "../../../src/core/stats/random.ts";
import {
  claimsOfNoise,
  isWeak,
  JOBS,
  type Row,
  rowsOf,
  SETTINGS,
  surveyed,
  texts,
  weighing,
} from "./rows.ts";

describe("weak slices", () => {
  it("are found where they were planted, and confirmed on other rows", () => {
    const draws = random(3, "planted");
    const lossOf = (row: Row): number => (draws.uniform() < (isWeak(row) ? 0.7 : 0.1) ? 1 : 0);
    const told = findSlices(rowsOf(draws, 4000, lossOf), rowsOf(draws, 4000, lossOf), "validation", SETTINGS);
    const [first] = told.weak;
    assert.ok(first !== undefined && first.held !== null);
    assert.equal(texts(first), "hours < 16 and job = service");
    assert.equal(first.confirmed, true);
    assert.ok(first.held.interval !== null && first.held.interval.low > 0.3);
    assert.ok(first.held.value > 0.5 && first.held.other < 0.2);
    assert.equal(told.worse, null);
  });

  it("are not confirmed where there is noise alone", () => {
    for (const loss of ["error", "absolute_error"] as const) {
      const { found, claims } = claimsOfNoise(loss, 40);
      assert.ok(found > 20, `only in ${found} draws was there anything to confirm`);
      assert.ok(claims <= 7, `${loss}: ${claims} of 40 draws claim a slice`); // at 5 %, more come in 1 of 1,000
    }
  });

  it("of weighted rows are found, measured and confirmed by their weight", () => {
    const draws = random(3, "planted, weighted");
    const lossOf = (row: Row): number => (draws.uniform() < (isWeak(row) ? 0.7 : 0.1) ? 1 : 0);
    const make = (): LossyRows => weighing(rowsOf(draws, 4000, lossOf), surveyed(draws));
    const held = make();
    const told = findSlices(make(), held, "validation", SETTINGS);
    assert.equal(told.weighted, true);
    const [first] = told.weak;
    assert.ok(first !== undefined && first.held !== null && first.held.interval !== null);
    assert.match(texts(first), /^hours < 1[5-7] and job = service$/);
    assert.equal(first.confirmed, true);
    const hours = held.columns.get("hours");
    const job = held.columns.get("job");
    assert.ok(hours?.kind === "number" && job?.kind === "text");
    const border = Number(/< (\d+)/.exec(texts(first))?.[1]);
    let [rows, mass, squares, lost] = [0, 0, 0, 0];
    held.weights!.forEach((weight, row) => {
      if (!(hours.values[row]! < border && job.words[job.codes[row]!] === "service")) return;
      rows++;
      mass += weight;
      squares += weight ** 2;
      lost += weight * held.losses[row]!;
    });
    assert.equal(first.held.rows, rows);
    assert.equal(first.held.value.toFixed(9), (lost / mass).toFixed(9));
    assert.equal(first.held.effective?.toFixed(9), (mass ** 2 / squares).toFixed(9));
    assert.match(first.held.interval.method, /of the effective number of rows$/);
  });

  it("are those that weigh, and not those that have many rows", () => {
    const draws = random(4, "weighs");
    const at = (job: string | undefined): number => (job === "clerk" ? 0.02 : job === "sales" ? 5 : 1);
    const make = (): LossyRows => {
      const jobs: (string | undefined)[] = [];
      const rows = rowsOf(draws, 2000, ({ job }) => {
        jobs.push(job);
        return draws.uniform() < (job === "clerk" ? 0.6 : job === "sales" ? 0.45 : 0.1) ? 1 : 0;
      });
      return weighing(rows, (row) => at(jobs[row]));
    };
    const [search, held] = [make(), make()];
    const { weights: _, ...equal } = search;
    assert.equal(texts(findSlices(equal, equal, "validation", SETTINGS).weak[0]!), "job = clerk");
    const told = findSlices(search, held, "validation", { ...SETTINGS, depth: 1 });
    assert.equal(texts(told.weak[0]!), "job = sales");
  });

  it("are the same where all weights are the same, and where rows of weight 0 are left out", () => {
    const draws = random(7, "same weights");
    const lossOf = (row: Row): number => (draws.uniform() < (isWeak(row) ? 0.7 : 0.2) ? 1 : 0);
    const [search, held] = [rowsOf(draws, 1500, lossOf), rowsOf(draws, 1500, lossOf)];
    const plain = findSlices(search, held, "validation", SETTINGS);
    const alike = findSlices(
      weighing(search, () => 0.1),
      weighing(held, () => 7),
      "validation",
      SETTINGS,
    );
    assert.deepEqual(alike, plain);
    const half = Array.from({ length: 750 }, (_, row) => 2 * row);
    const zeros = (rows: LossyRows): LossyRows => weighing(rows, (row) => (row % 2 === 0 ? 1 : 0));
    assert.deepEqual(
      findSlices(zeros(search), zeros(held), "validation", SETTINGS),
      findSlices(pickRows(search, half), pickRows(held, half), "validation", SETTINGS),
    );
  });

  it("of weighted rows are not confirmed where there is noise alone", () => {
    for (const loss of ["error", "absolute_error"] as const) {
      for (const against of ["rest", "baseline"] as const) {
        const { found, claims } = claimsOfNoise(loss, 40, { weighted: true, against });
        assert.ok(found > 20, `only in ${found} draws was there anything to confirm`);
        assert.ok(claims <= 7, `${loss}, ${against}: ${claims} of 40 draws claim a slice`);
      }
    }
  });

  it("tell nothing of rows that are many and hardly tell anything", () => {
    const draws = random(3, "hardly");
    const lossOf = (row: Row): number => (isWeak(row) ? 1 : 0);
    const search = rowsOf(draws, 2000, lossOf);
    const heavy = weighing(rowsOf(draws, 400, lossOf), (row) => (row % 80 === 0 ? 1e4 : 1));
    const told = findSlices(search, heavy, "validation", SETTINGS);
    assert.ok(told.weak.length > 0);
    for (const { held } of told.weak) assert.ok(held === null || held.effective! >= SETTINGS.minGroupSize);
    assert.ok(told.weak.some(({ held }) => held === null));
  });

  it("tell what got worse while the average got better", () => {
    const draws = random(5, "worse");
    const make = (): LossyRows => {
      const before: number[] = [];
      const rows = rowsOf(draws, 3000, (row) => {
        before.push(draws.uniform() < 0.3 ? 1 : 0);
        return draws.uniform() < (isWeak(row) ? 0.8 : 0.15) ? 1 : 0;
      });
      return { ...rows, baseline: Float64Array.from(before) };
    };
    const { worse } = findSlices(make(), make(), "validation", SETTINGS);
    const [first] = worse ?? [];
    assert.ok(first !== undefined && first.held !== null);
    assert.match(texts(first), /^hours < 1[5-7] and job = service$/);
    assert.equal(first.confirmed, true);
    assert.ok(first.held.value > first.held.other);
  });

  it("never say that a model is worse than itself", () => {
    const draws = random(6, "itself");
    const make = (): LossyRows => {
      const rows = rowsOf(draws, 500, () => (draws.uniform() < 0.3 ? 1 : 0));
      return { ...rows, baseline: rows.losses };
    };
    assert.deepEqual(findSlices(make(), make(), "validation", SETTINGS).worse, []);
  });

  it("name no value where none may be shown", () => {
    const draws = random(3, "planted");
    const lossOf = (row: Row): number => (draws.uniform() < (isWeak(row) ? 0.7 : 0.1) ? 1 : 0);
    const told = findSlices(rowsOf(draws, 4000, lossOf), rowsOf(draws, 4000, lossOf), "validation", {
      ...SETTINGS,
      named: (column) => column === "job",
    });
    const [hours, job] = told.weak[0]?.conditions ?? [];
    assert.deepEqual([hours?.column, hours?.text], ["hours", null]);
    assert.match(hours?.place ?? "", /^among its lowest (9|10|11)%$/);
    assert.equal(job?.text, "job = service");
    assert.match(job?.place ?? "", /^at its (\d\w\w )?most frequent value$/);
    const said = JSON.stringify(
      findSlices(rowsOf(draws, 900, lossOf), rowsOf(draws, 900, lossOf), "holdout", {
        ...SETTINGS,
        named: () => false,
      }),
    );
    for (const word of [...JOBS.slice(0, 3), "< 16", ">="]) assert.ok(!said.includes(word), word);
  });

  it("tell nothing of holdout rows that are too few, and confirm nothing there", () => {
    const draws = random(3, "few");
    const lossOf = (row: Row): number => (isWeak(row) ? 1 : 0);
    const told = findSlices(rowsOf(draws, 2000, lossOf), rowsOf(draws, 20, lossOf), "validation", SETTINGS);
    assert.ok(told.weak.length > 0);
    for (const { held, confirmed } of told.weak) {
      if (held === null) assert.equal(confirmed, false);
      else assert.ok(held.rows >= 5);
    }
    assert.ok(told.weak.some(({ held }) => held === null));
  });

  it("are few: what shares its rows with a simpler one is not told", () => {
    const draws = random(8, "same");
    const rows = (): LossyRows => {
      const made = rowsOf(draws, 1000, (row) => (row.job === "clerk" ? 1 : 0));
      const job = made.columns.get("job");
      return { ...made, columns: new Map([...made.columns, ...(job ? [["again", job] as const] : [])]) };
    };
    const { weak } = findSlices(rows(), rows(), "validation", SETTINGS);
    assert.deepEqual(weak.map(texts), ["job = clerk"]);
  });

  it("are none of no rows, of no columns and of a model that is always right", () => {
    const none: LossyRows = { columns: new Map(), losses: new Float64Array(0) };
    const draws = random(1, "none");
    const right = rowsOf(draws, 100, () => 0);
    for (const rows of [none, right, { ...none, losses: new Float64Array([1, 0, 1, 1, 0, 1]) }]) {
      assert.deepEqual(findSlices(rows, rows, "holdout", SETTINGS).weak, []);
    }
  });
});
