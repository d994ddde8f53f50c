import { formatExact, formatShare } from "../report/numbers.ts";
import { normalQuantile } from "../stats/normal.ts";
import type { Random } from "../stats/random.ts";
import type { Column, NumericColumn } from "../tables/column.ts";
import { changeNumbers, changeTexts, drawnRows } from "./columns.ts";
import type { Facts } from "./facts.ts";
import type { PerturbationName } from "./names.ts";
import { typingSlip } from "./typos.ts";

/** One form of a perturbation at one strength, such as a shift upwards. */
export interface Form {
  /** What it does to a column, in words that name no value. */
  readonly words: string;
  /** Whether it can be done to such a column. */
  takes(facts: Facts, column: Column): boolean;
  /** What becomes of the column. Equal seeds give equal values. */
  apply(column: Column, facts: Facts, random: Random): Column;
}

/** A perturbation of one name. */
export interface Perturbation {
  /** Whether it comes over all columns at once, too, as noise does and a mistaken unit does not. */
  readonly together: boolean;
  forms(strength: number): readonly Form[];
}

type Numbers = (column: NumericColumn, facts: Facts, random: Random) => NumericColumn;

const ofNumbers = (words: string, change: Numbers, takes?: (facts: Facts) => boolean): Form => ({
  words,
  takes: (facts, { kind }) => kind === "number" && facts.role === "number" && (takes?.(facts) ?? true),
  apply: (column, facts, random) => (column.kind === "text" ? column : change(column, facts, random)),
});

const ofTexts = (words: string, share: number, change: (text: string, random: Random) => string): Form => ({
  words,
  takes: (_, { kind }) => kind === "text",
  apply: (column, _, random) =>
    column.kind === "text"
      ? changeTexts(column, drawnRows(column, share, random), (text) => change(text, random))
      : column,
});

const inRows = (share: number): string =>
  share >= 1 ? "in all rows" : `in ${formatShare(share)} of the rows`;

function each(column: NumericColumn, facts: Facts, change: (value: number) => number): NumericColumn {
  const values = column.values.map((value) => kept(change(value), facts));
  return { kind: column.kind, values };
}

/** Whole numbers stay whole. */
const kept = (value: number, { whole }: Facts): number => (whole ? Math.round(value) : value);

const varies = ({ deviation }: Facts): boolean => deviation > 0;

/** A number of a standard normal distribution. */
const normal = (random: Random): number => normalQuantile((random.next() + 0.5) / 2 ** 32);

/** Whether a column's name speaks of a temperature, and in which degrees. */
const CELSIUS = /celsius|centigrade|temp(erature)?(?![a-z])|°c/i;
const FAHRENHEIT = /fahrenheit|°f/i;

function units(share: number): Form[] {
  const converted = (
    words: string,
    change: (value: number) => number,
    takes?: (facts: Facts) => boolean,
  ): Form =>
    ofNumbers(
      `${words} ${inRows(share)}`,
      (column, _, random) => changeNumbers(column, drawnRows(column, share, random), change),
      (facts) => varies(facts) && (takes?.(facts) ?? true),
    );
  return [
    ...[10, 100, 1000].map((factor) =>
      converted(`${formatExact(factor)} times as large`, (value) => value * factor),
    ),
    converted(
      "°F for °C",
      (value) => value * 1.8 + 32,
      ({ name }) => CELSIUS.test(name) && !FAHRENHEIT.test(name),
    ),
    converted(
      "°C for °F",
      (value) => (value - 32) / 1.8,
      ({ name }) => FAHRENHEIT.test(name),
    ),
  ];
}

/** Beyond all that the rows hold, by as much as they span: above and below in turns. */
function beyond(share: number): Form {
  const words = `values that no row has, ${inRows(share)}`;
  return {
    words,
    takes: ({ role }, { kind }) => kind === "text" || (kind === "number" && role !== "time"),
    apply(column, { least, most, role }, random) {
      const rows = drawnRows(column, share, random);
      if (column.kind === "text") return changeTexts(column, rows, () => NEVER);
      const room = Math.max(most - least, 1);
      let above = false;
      return changeNumbers(column, rows, () => {
        above = !above;
        return above || role === "category" ? most + room : least - room;
      });
    },
  };
}

/** A category that no data hold. */
const NEVER = "~never seen~";

/** Another of the values that the column holds, as often as it holds them. */
function swapped(share: number): Form {
  return {
    words: `another category ${inRows(share)}`,
    takes: ({ role }, { kind }) => role === "category" && kind !== "time",
    apply(column, _, random) {
      const rows = drawnRows(column, share, random);
      const others = drawnRows(column, 1, random);
      const other = (differs: (row: number) => boolean): number | undefined => {
        for (let tries = 0; tries < 50; tries++) {
          const row = others[random.below(others.length)] as number;
          if (differs(row)) return row;
        }
        return others.find(differs);
      };
      if (column.kind === "text") {
        const codes = column.codes.slice();
        for (const row of rows) {
          const from = other((one) => column.codes[one] !== column.codes[row]);
          if (from !== undefined) codes[row] = column.codes[from] as number;
        }
        return { ...column, codes };
      }
      return changeNumbers(column, rows, (value) => {
        const from = other((one) => column.values[one] !== value);
        return from === undefined ? value : (column.values[from] as number);
      });
    },
  };
}

/** A missing value. */
function missing(share: number): Form {
  return {
    words: `missing ${inRows(share)}`,
    takes: () => true,
    apply(column, _, random) {
      const rows = drawnRows(column, share, random);
      if (column.kind !== "text") return changeNumbers(column, rows, () => Number.NaN);
      const codes = column.codes.slice();
      for (const row of rows) codes[row] = -1;
      return { ...column, codes };
    },
  };
}

const deviations = (strength: number): string =>
  `${formatExact(strength)} standard deviation${strength === 1 ? "" : "s"}`;

/** Every perturbation by its name. All act on rows as they come in, before any value step. */
export const PERTURB: Readonly<Record<PerturbationName, Perturbation>> = {
  noise: {
    together: true,
    forms: (strength) => [
      ofNumbers(
        `normal noise of ${deviations(strength)}`,
        (column, facts, random) =>
          each(column, facts, (value) => value + normal(random) * strength * facts.deviation),
        varies,
      ),
    ],
  },
  missing: { together: true, forms: (strength) => [missing(strength)] },
  shift: {
    together: true,
    forms: (strength) =>
      [1, -1].map((sign) =>
        ofNumbers(
          `${deviations(strength)} ${sign > 0 ? "higher" : "lower"} in all rows`,
          (column, facts) => each(column, facts, (value) => value + sign * strength * facts.deviation),
          varies,
        ),
      ),
  },
  scale: {
    together: true,
    forms: (strength) => [
      ofNumbers(
        `times ${formatExact(strength)} in all rows`,
        (column, facts) => each(column, facts, (value) => value * strength),
        varies,
      ),
      ofNumbers(
        `divided by ${formatExact(strength)} in all rows`,
        (column, facts) => each(column, facts, (value) => value / strength),
        varies,
      ),
    ],
  },
  swap: { together: true, forms: (strength) => [swapped(strength)] },
  typos: {
    together: true,
    forms: (strength) => [ofTexts(`a typing slip ${inRows(strength)}`, strength, typingSlip)],
  },
  case: {
    together: true,
    forms: (strength) => [
      ofTexts(`in capitals ${inRows(strength)}`, strength, (text) => text.toUpperCase()),
      ofTexts(`in small letters ${inRows(strength)}`, strength, (text) => text.toLowerCase()),
    ],
  },
  units: { together: false, forms: units },
  out_of_range: { together: false, forms: (strength) => [beyond(strength)] },
};
