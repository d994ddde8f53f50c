import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { effectiveSize } from "../../../src/core/measures/row-weights.ts";
import { type Binned, type SearchSettings, searchSlices } from "../../../src/core/slices/search.ts";
import { normalQuantile } from "../../../src/core/stats/normal.ts";
import { random } from "../../../src/core/stats/random.ts";
import { near, oracle } from "../../oracles/oracle.ts";
import { enumerate } from "./brute.ts";

interface Search {
  readonly title: string;
  readonly columns: readonly (readonly number[])[];
  readonly losses: readonly number[];
  readonly alpha: number;
  readonly k: number;
  readonly depth: 1 | 2 | 3;
  readonly support: number;
  readonly found: readonly {
    readonly parts: readonly (readonly [number, number])[];
    readonly size: number;
    readonly loss: number;
    readonly score: number;
  }[];
}

const { searches } = oracle<{ readonly searches: readonly Search[] }>("slices");

/** A few columns of a few bins, losses of three kinds, and settings. */
function made(seed: number) {
  const draws = random(seed, "search");
  const rows = 20 + draws.below(150);
  const columns = Array.from({ length: 1 + draws.below(5) }, (): Binned => {
    const bins = 1 + draws.below(5);
    return { codes: Uint8Array.from({ length: rows }, () => draws.below(bins)), bins };
  });
  const kind = seed % 3;
  const losses = Float64Array.from({ length: rows }, (_, row) => {
    const weak = columns[0]?.codes[row] === 0 && columns.at(-1)?.codes[row] === 0;
    if (kind === 0) return draws.uniform() < (weak ? 0.7 : 0.15) ? 1 : 0;
    return kind === 1 ? -Math.log(1 - draws.uniform()) * (weak ? 4 : 1) : draws.below(3);
  });
  const settings: SearchSettings = {
    depth: ([1, 2, 3] as const)[draws.below(3)] ?? 3,
    support: 1 + draws.below(12),
    count: 1 + draws.below(12),
    alpha: [0.6, 0.95, 1][draws.below(3)] ?? 1,
  };
  return { columns, losses, settings, draws };
}

const strip = (slices: ReturnType<typeof searchSlices>) =>
  slices.map(({ parts, size, score }) => ({ parts, size, score: score.toFixed(9) }));

describe("the search for slices", () => {
  for (const { title, columns, losses, alpha, k, depth, support, found } of searches) {
    it(`finds what SliceLine finds: ${title}`, () => {
      const binned = columns.map((codes) => ({
        codes: Uint8Array.from(codes),
        bins: Math.max(...codes) + 1,
      }));
      // SliceLine shows all that are as good as the last; so many are asked for here
      const count = Math.max(k, found.length);
      const slices = searchSlices(binned, Float64Array.from(losses), { depth, support, count, alpha });
      assert.deepEqual(
        slices.slice(0, found.length).map(({ score }) => score.toFixed(9)),
        found.map(({ score }) => score.toFixed(9)),
      );
      for (const theirs of found) {
        const parts = JSON.stringify(theirs.parts);
        const ours = slices.find(
          (slice) => JSON.stringify(slice.parts.map(({ column, bin }) => [column, bin])) === parts,
        );
        assert.ok(ours !== undefined, `${parts} is not found`);
        assert.equal(ours.size, theirs.size);
        near(ours.loss, theirs.loss, parts);
        near(ours.score, theirs.score, parts);
      }
    });
  }

  it("finds what an enumeration of all slices finds, in the same order", () => {
    for (let seed = 0; seed < 60; seed++) {
      const { columns, losses, settings } = made(seed);
      assert.deepEqual(
        strip(searchSlices(columns, losses, settings)),
        strip(enumerate(columns, losses, settings)),
        `seed ${seed}`,
      );
    }
  });

  it("finds what an enumeration finds where rows count by weights, however unequal", () => {
    let without = 0; // slices whose rows are worth enough only without those of the slice above
    for (let seed = 0; seed < 300; seed++) {
      const { columns, losses, settings, draws } = made(seed);
      const spread = [0.2, 1, 2.5, 0, -1][seed % 5] ?? 0; // of lognormal weights
      const weights = losses.map((_, row) => {
        if (spread > 0) return Math.exp(spread * normalQuantile(draws.uniform()));
        const weak = columns[0]?.codes[row] === 0 && columns.at(-1)?.codes[row] === 0;
        if (spread < 0) return weak ? 1 : 100; // what is weak hardly counts
        return draws.below(20) === 0 ? 1000 : 1; // few rows count for all
      });
      const found = searchSlices(columns, losses, settings, weights);
      assert.deepEqual(
        strip(found),
        strip(enumerate(columns, losses, settings, weights)),
        `seed ${seed}, spread ${spread}`,
      );
      for (const { parts } of found) {
        const [first] = parts;
        if (parts.length < 2 || first === undefined) continue;
        const above = weights.filter((_, row) => columns[first.column]?.codes[row] === first.bin);
        if (effectiveSize(above) < settings.support) without++;
      }
    }
    assert.ok(without > 5, `${without}: the effective number of rows rises from a slice to one below it`);
  });

  it("finds three conditions of which two hold one row that outweighs all others", () => {
    const draws = random(9, "heavy");
    const columns = [0, 1, 2].map(
      (): Binned => ({ codes: Uint8Array.from({ length: 200 }, () => draws.below(2)), bins: 2 }),
    );
    const of = (row: number): string => columns.map(({ codes }) => codes[row]).join("");
    const losses = Float64Array.from({ length: 200 }, (_, row) => (of(row) === "000" ? 1 : 0));
    const heavy = losses.findIndex((_, row) => of(row) === "001");
    const weights = losses.map((_, row) => (row === heavy ? 1000 : 1));
    const settings = { depth: 3, support: 5, count: 3, alpha: 1 } as const;
    const found = searchSlices(columns, losses, settings, weights);
    assert.deepEqual(strip(found), strip(enumerate(columns, losses, settings, weights)));
    assert.deepEqual(
      found[0]?.parts.map(({ bin }) => bin),
      [0, 0, 0],
    );
  });

  it("finds with weights that are all the same, whatever they are, what it finds without", () => {
    for (let seed = 0; seed < 30; seed++) {
      const { columns, losses, settings } = made(seed);
      const same = new Float64Array(losses.length).fill(2 ** (seed - 15));
      assert.deepEqual(
        strip(searchSlices(columns, losses, settings, same)),
        strip(searchSlices(columns, losses, settings)),
        `seed ${seed}`,
      );
    }
  });

  it("finds nothing where nothing is lost, where all is lost alike, and where there are no rows", () => {
    const column = { codes: Uint8Array.from([0, 1, 0, 1]), bins: 2 };
    const settings = { depth: 3, support: 1, count: 5, alpha: 0.95 } as const;
    for (const losses of [
      [0, 0, 0, 0],
      [1, 1, 1, 1],
    ]) {
      assert.deepEqual(searchSlices([column], Float64Array.from(losses), settings), []);
    }
    assert.deepEqual(
      searchSlices([{ codes: new Uint8Array(0), bins: 2 }], new Float64Array(0), settings),
      [],
    );
    assert.deepEqual(searchSlices([], new Float64Array([1, 0]), settings), []);
  });
});
