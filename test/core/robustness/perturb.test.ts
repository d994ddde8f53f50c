import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { changedRows } from "../../../src/core/robustness/columns.ts";
import { type Facts, factsOf, type Role, rolesOf } from "../../../src/core/robustness/facts.ts";
import { PERTURBATIONS, type PerturbationName, STRENGTHS } from "../../../src/core/robustness/names.ts";
import { PERTURB } from "../../../src/core/robustness/perturb.ts";
import { typingSlip } from "../../../src/core/robustness/typos.ts";
import { random } from "../../../src/core/stats/random.ts";
import type { Column, NumericColumn } from "../../../src/core/tables/column.ts";

const draws = random(3, "perturbations");
const numbers: NumericColumn = {
  kind: "number",
  values: Float64Array.from({ length: 1000 }, (_, row) => (row % 10 === 9 ? NaN : 20 + 5 * draws.uniform())),
};
const ages: NumericColumn = {
  kind: "number",
  values: Float64Array.from({ length: 1000 }, () => 18 + draws.below(60)),
};
const flags: NumericColumn = {
  kind: "number",
  values: Float64Array.from({ length: 1000 }, () => draws.below(2)),
};
const truths: NumericColumn = { kind: "boolean", values: flags.values };
const times: NumericColumn = {
  kind: "time",
  values: Float64Array.from({ length: 1000 }, (_, row) => row * 1e9),
};
const WORDS = ["Clerk", "cook", "Straße", "", "x"];
const jobs: Column = {
  kind: "text",
  codes: Int32Array.from({ length: 1000 }, () => draws.below(6) - 1),
  words: WORDS,
};

const COLUMNS: Readonly<Record<string, readonly [Column, Role]>> = {
  numbers: [numbers, "number"],
  ages: [ages, "number"],
  flags: [flags, "number"],
  truths: [truths, "category"],
  times: [times, "time"],
  jobs: [jobs, "category"],
};

function perturbed(name: PerturbationName, which: string, strength = STRENGTHS[name].usual) {
  const [column, role] = COLUMNS[which] ?? [numbers, "number"];
  const facts = factsOf(which, role, column);
  return PERTURB[name]
    .forms(strength)
    .filter((form) => form.takes(facts, column))
    .map((form) => ({
      facts,
      column,
      after: form.apply(column, facts, random(7, form.words)),
      words: form.words,
    }));
}

const valuesOf = (column: Column): Float64Array =>
  column.kind === "text" ? new Float64Array(0) : column.values;

describe("perturbations", () => {
  it("are made for some kinds of column each", () => {
    const table = PERTURBATIONS.map((name) => [
      name,
      Object.keys(COLUMNS).filter((which) => perturbed(name, which).length > 0),
    ]);
    assert.deepEqual(Object.fromEntries(table), {
      noise: ["numbers", "ages"],
      missing: ["numbers", "ages", "flags", "truths", "times", "jobs"],
      shift: ["numbers", "ages"],
      scale: ["numbers", "ages"],
      swap: ["flags", "truths", "jobs"],
      typos: ["jobs"],
      case: ["jobs"],
      units: ["numbers", "ages"],
      out_of_range: ["numbers", "ages", "flags", "jobs"],
    });
  });

  it("give the same values of the same seed, and leave the column as it was", () => {
    const before = numbers.values.slice();
    for (const name of PERTURBATIONS) {
      for (const which of Object.keys(COLUMNS)) {
        assert.deepEqual(
          perturbed(name, which).map(({ after }) => after),
          perturbed(name, which).map(({ after }) => after),
        );
      }
    }
    assert.deepEqual(numbers.values, before);
  });

  it("change the share of the rows that they say, and no missing value but by noise", () => {
    for (const name of ["missing", "swap", "typos", "units", "out_of_range"] as const) {
      for (const which of Object.keys(COLUMNS)) {
        for (const { column, after, words } of perturbed(name, which, 0.2)) {
          const present =
            column.kind === "text"
              ? column.codes.filter((code) => code >= 0).length
              : valuesOf(column).filter((v) => !Number.isNaN(v)).length;
          assert.equal(changedRows(column, after), Math.round(0.2 * present), `${name} ${which} ${words}`);
        }
      }
    }
    const [noisy] = perturbed("noise", "numbers");
    assert.equal(valuesOf(noisy?.after ?? numbers).filter(Number.isNaN).length, 100);
  });

  it("keep whole numbers whole", () => {
    for (const name of ["noise", "shift", "scale"] as const) {
      for (const { after } of perturbed(name, "ages"))
        assert.ok(valuesOf(after).every(Number.isInteger), name);
    }
  });

  it("add noise of the deviation that they say", () => {
    const [{ after, facts } = { after: numbers, facts: undefined }] = perturbed("noise", "numbers", 0.5);
    const moved = valuesOf(after)
      .map((value, row) => value - (numbers.values[row] ?? 0))
      .filter((own) => !Number.isNaN(own));
    const deviation = Math.sqrt(moved.reduce((sum, own) => sum + own * own, 0) / moved.length);
    // √(2/900) of its size is one standard error, 4.7 %; four of them
    assert.ok(Math.abs(deviation / (0.5 * (facts?.deviation ?? 0)) - 1) < 4 * 0.034, `${deviation}`);
  });

  it("shift up and down, and scale there and back", () => {
    const [up, down] = perturbed("shift", "numbers", 1);
    const own = numbers.values[0] ?? 0;
    assert.ok(Math.abs((valuesOf(up?.after ?? numbers)[0] ?? 0) - own - (up?.facts.deviation ?? 0)) < 1e-12);
    assert.ok(
      Math.abs(own - (valuesOf(down?.after ?? numbers)[0] ?? 0) - (up?.facts.deviation ?? 0)) < 1e-12,
    );
    const [times, over] = perturbed("scale", "numbers", 1.5);
    assert.equal(valuesOf(times?.after ?? numbers)[0], own * 1.5);
    assert.equal(valuesOf(over?.after ?? numbers)[0], own / 1.5);
  });

  it("go beyond the range on both sides, and to a category that is not there", () => {
    const [{ after, facts } = { after: numbers, facts: { least: 0, most: 0 } as Facts }] = perturbed(
      "out_of_range",
      "numbers",
      1,
    );
    const outside = valuesOf(after).filter((value) => value < facts.least || value > facts.most);
    assert.equal(outside.length, 900);
    assert.equal(outside.filter((value) => value > facts.most).length, 450);
    const [words] = perturbed("out_of_range", "jobs", 1);
    assert.ok(words?.after.kind === "text");
    assert.ok(
      [...words.after.codes].every(
        (code) =>
          code < 0 || !WORDS.includes(words.after.kind === "text" ? (words.after.words[code] ?? "") : ""),
      ),
    );
  });

  it("swap a category for another that is there, about as often as it is there", () => {
    const [swapped] = perturbed("swap", "jobs", 1);
    assert.ok(swapped?.after.kind === "text" && jobs.kind === "text");
    for (const [row, code] of swapped.after.codes.entries()) {
      if ((jobs.codes[row] ?? -1) < 0) assert.equal(code, -1);
      else assert.ok(code >= 0 && code !== jobs.codes[row]);
    }
  });

  it("leave a column of one value alone", () => {
    const one: NumericColumn = { kind: "number", values: new Float64Array(9).fill(4) };
    const facts = factsOf("one", "number", one);
    for (const name of ["noise", "shift", "scale", "units"] as const) {
      assert.ok(
        PERTURB[name].forms(STRENGTHS[name].usual).every((form) => !form.takes(facts, one)),
        name,
      );
    }
    const [swap] = PERTURB.swap.forms(1);
    const word: Column = { kind: "text", codes: new Int32Array(4), words: ["a"] };
    assert.equal(changedRows(word, swap?.apply(word, factsOf("w", "category", word), random(1)) ?? word), 0);
  });

  it("know degrees by the column's name", () => {
    const named = (name: string): string[] => {
      const facts = { ...factsOf(name, "number", numbers) };
      return PERTURB.units
        .forms(0.1)
        .filter((form) => form.takes(facts, numbers))
        .map(({ words }) => words.slice(0, 9));
    };
    assert.ok(named("outside_temperature").includes("°F for °C"));
    assert.ok(named("temp_f (fahrenheit)").includes("°C for °F"));
    assert.ok(!named("template").includes("°F for °C") && !named("age").includes("°F for °C"));
  });
});

describe("a typing slip", () => {
  it("makes another text of any text", () => {
    const some = random(5, "slips");
    for (const text of ["", "a", "aa", "aaaa", "Straße", "🙂", "1", "clerk"]) {
      for (let i = 0; i < 50; i++) assert.notEqual(typingSlip(text, some), text);
    }
  });
});

describe("a column's role", () => {
  it("is what the features make of it", () => {
    const inputs = ["age", "zip", "both", "job", "seen"].map((name) => ({
      name,
      kind: name === "job" ? ("text" as const) : name === "seen" ? ("time" as const) : ("number" as const),
    }));
    const step = (kind: "one_hot" | "scale", column: string) =>
      kind === "one_hot"
        ? { step: "one_hot" as const, column, outputs: [column], categories: ["1"] }
        : { step: "scale" as const, column, outputs: [column] };
    const features = [
      step("scale", "age"),
      step("one_hot", "zip"),
      step("one_hot", "both"),
      step("scale", "both"),
    ];
    const roles = rolesOf({ inputs, features: features as Parameters<typeof rolesOf>[0]["features"] });
    assert.deepEqual([...roles.values()], ["number", "category", "number", "category", "time"]);
  });
});
