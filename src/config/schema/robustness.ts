import * as z from "zod";
import { PERTURBATIONS, type PerturbationName, STRENGTHS } from "../../core/robustness/names.ts";
import { columnName, share } from "../scalars.ts";

const usual = (name: PerturbationName): number => STRENGTHS[name].usual;

const strength = (name: PerturbationName) => {
  const one =
    STRENGTHS[name].of === "rows"
      ? share.refine((part) => part > 0, "a share of the rows is more than 0%")
      : z
          .number()
          .positive("it is more than 0")
          .max(1000)
          .refine((times) => name !== "scale" || times !== 1, "times 1 changes nothing");
  return z
    .union([
      z.literal(true).transform(() => [usual(name)]),
      one.transform((value) => [value]),
      z.array(one).min(1, "name at least one strength").max(5, "at most 5 strengths"),
    ])
    .optional()
    .meta({ description: SAID[name], examples: [STRENGTHS[name].of === "rows" ? "10%" : usual(name)] });
};

const SAID: Readonly<Record<PerturbationName, string>> = {
  noise: "Normal noise on numbers, in standard deviations of the column",
  missing: "Share of the rows in which a value is missing",
  shift: "Numbers higher, and lower, by so many standard deviations",
  scale: "Numbers so many times as large, and as small",
  swap: "Share of the rows in which a category is another one",
  typos: "Share of the rows in which a text has a typing slip",
  case: "Share of the rows in which a text stands in capitals, and in small letters",
  units: "Share of the rows in which a number is 10, 100 or 1,000 times too large, or °F stands for °C",
  out_of_range: "Share of the rows in which a value is one that no row has",
};

const perturbations = z.strictObject({
  noise: strength("noise"),
  missing: strength("missing"),
  shift: strength("shift"),
  scale: strength("scale"),
  swap: strength("swap"),
  typos: strength("typos"),
  case: strength("case"),
  units: strength("units"),
  out_of_range: strength("out_of_range"),
});

const list = z
  .array(z.enum(PERTURBATIONS))
  .transform((names) => perturbations.parse(Object.fromEntries(names.map((name) => [name, true]))));

const severity = {
  allow: share.default(0).meta({ description: "Share of the rows that may break it", examples: ["1%"] }),
  of: z
    .string()
    .optional()
    .meta({
      description: "The class whose score is meant, where there are more than two",
      examples: ["gold"],
    }),
  severity: z
    .enum(["fail", "warn"])
    .default("fail")
    .meta({ description: "What it means when rows break it", examples: ["warn"] }),
};

const moves = z
  .union([
    z
      .string()
      .regex(/^at most \d+(\.\d+)?\s*%?$/, 'write "at most 0.01", or a number')
      .transform((text) => Number.parseFloat(text.replace("at most ", "")) / (text.endsWith("%") ? 100 : 1)),
    z.number().nonnegative(),
  ])
  .meta({ description: "How far the score may move", examples: ["at most 0.01"] });

const never = z
  .enum(["lowers", "raises"])
  .meta({ description: "What becomes of the score in no row", examples: ["lowers"] });
const by = z
  .number()
  .positive()
  .optional()
  .meta({
    description: "How far, in the column's unit; a quarter, a half and a whole standard deviation if absent",
    examples: [5],
  });
const column = (what: string) => columnName.meta({ description: what, examples: ["experience"] });

const behaviour = z
  .union([
    z.strictObject({ changing: column("The column whose value is made another one"), moves, ...severity }),
    z.strictObject({ raising: column("The column whose number is made larger"), never, by, ...severity }),
    z.strictObject({ lowering: column("The column whose number is made smaller"), never, by, ...severity }),
  ])
  .meta({
    title: "behaviour",
    description: "What the score does when one column is another, and nothing else is",
    examples: [
      { changing: "gender", moves: "at most 0.01" },
      { raising: "experience", never: "lowers" },
    ],
  });

const settings = z.strictObject({
  perturb: z
    .union([list, perturbations])
    .prefault({})
    .meta({
      description: "How the rows are made worse: names, or names with how strongly",
      examples: [["noise", "missing"], { noise: 0.2, missing: ["5%", "20%"] }],
    }),
  metric: z
    .string()
    .optional()
    .meta({
      description: "What is held against the untouched rows; the first of the metrics if absent",
      examples: ["roc_auc"],
    }),
  rows: z
    .number()
    .int()
    .min(50)
    .max(100_000)
    .default(1000)
    .meta({ description: "Holdout rows that take part at most", examples: [1000] }),
  repeats: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(5)
    .meta({ description: "How often each column is shuffled for its importance", examples: [10] }),
  together: z
    .record(z.string().min(1), z.array(columnName).min(2, "name at least two columns"))
    .default({})
    .meta({
      description: "Columns that are shuffled together, under a name",
      examples: [{ place: ["latitude", "longitude"] }],
    }),
  curves: z
    .number()
    .int()
    .min(0)
    .max(12)
    .default(4)
    .meta({
      description: "Of how many of the most important columns the partial dependence is drawn",
      examples: [4],
    }),
  expect: z.array(behaviour).max(50).default([]).meta({ description: "How the score behaves, row by row" }),
});

/** What a model does on rows that are worse than those at hand. */
export const robustness = z.union([list.transform((perturb) => settings.parse({ perturb })), settings]).meta({
  description: "Ask the model about rows that are made worse: a list of perturbations, or how",
  examples: [["noise", "missing", "shift"]],
});
