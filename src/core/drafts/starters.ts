import { UserError } from "../../errors.ts";

/** A whole repository to begin with. */
export interface Starter {
  readonly name: string;
  /** One line for a person who chooses. */
  readonly about: string;
  /** Places of the templates of which it is made, see `Templates.files`. */
  readonly parts: readonly string[];
  /** Whether its contract is drafted from data that are there already. */
  readonly drafts: boolean;
  /** What is to be done before `trainyard run`, as shell lines. */
  readonly before: readonly string[];
}

/** The starters, the simplest first. */
export const STARTERS: readonly Starter[] = [
  {
    name: "wages",
    about: "534 wages of 1985, with its data; Trainyard trains",
    parts: ["wages"],
    drafts: false,
    before: [],
  },
  {
    name: "python",
    about: "the same wages; scikit-learn trains, and leaves an ONNX model",
    parts: ["python", "wages/data", "wages/high_wage.sql"],
    drafts: false,
    before: ["python3 -m venv .venv && .venv/bin/pip install -r requirements.txt"],
  },
  {
    name: "flights",
    about: "three million flights of 2001; Trainyard trains, on data behind a pointer",
    parts: ["flights"],
    drafts: false,
    before: [
      "npm install --no-save vega-datasets && cp node_modules/vega-datasets/data/flights-3m.parquet data/",
      "npx trainyard add data/flights-3m.parquet",
    ],
  },
  {
    name: "credit",
    about: "made applications, biased on purpose: better on average, and unfair to one group",
    parts: ["credit"],
    drafts: false,
    before: ["node make-applications.mjs"],
  },
  {
    name: "dvc",
    about: "the DVC repository that is here; the contract is drafted from its data",
    parts: ["dvc"],
    drafts: true,
    before: [],
  },
];

/** What every repository gets, whatever its model: places of the templates. */
export const EVERYWHERE = { workflows: "workflows", beside: "repository" } as const;

/**
 * The starter of a name.
 *
 * @throws {UserError} naming those that there are
 *
 * @example starterNamed("wages").drafts // => false
 * @example starterNamed("wage") // throws 'template "wage" does not exist; there are wages, python, flights, credit, dvc'
 */
export function starterNamed(name: string): Starter {
  const found = STARTERS.find((starter) => starter.name === name);
  if (found !== undefined) return found;
  throw new UserError(
    `template "${name}" does not exist; there are ${STARTERS.map((starter) => starter.name).join(", ")}`,
  );
}

/**
 * Whether a repository may well have a file of its own by this name, which then stays as it is: what
 * only stands beside a model, rather than making it.
 *
 * @example standsBeside(".github/CODEOWNERS") // => true
 * @example standsBeside("README.md") // => true
 * @example standsBeside("train.py") // => false
 */
export function standsBeside(path: string): boolean {
  return path === "README.md" || path.split("/")[0]?.startsWith(".") === true;
}
