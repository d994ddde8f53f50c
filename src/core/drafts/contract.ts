import { EXIT, UserError } from "../../errors.ts";
import type { ColumnProfile, Profile } from "../tables/profile.ts";
import { nearest } from "../text/nearest.ts";
import { type Remark, readableYaml } from "../text/readable-yaml.ts";
import { draftGates, HOLDOUT } from "./gates.ts";
import { guessLabel, guessPositive } from "./label.ts";

/** What a first contract is drafted from. */
export interface DraftRequest {
  readonly model: string;
  /** Path of the data, relative to the contract. */
  readonly data: string;
  /** The column to predict; the one whose name leaves no doubt where absent. */
  readonly label: string | undefined;
  readonly positive: string | undefined;
  readonly profile: Profile;
  readonly expectations: readonly Readonly<Record<string, unknown>>[];
}

const MOST_CLASSES = 20;
const MOST_CATEGORIES = 50;

/** A contract that was drafted, and what was found out for it. */
export interface Draft {
  readonly text: string;
  readonly label: string;
}

/**
 * A first contract for a data file: it runs as it stands, and is meant to be edited. Columns about
 * which nobody can know whether they may enter the model (texts with many values, times, columns that
 * differ in every row) stay out.
 *
 * @throws {UserError} where the label is no column, has no two values, or nobody can know which it is
 */
export function draftContract(request: DraftRequest): Draft {
  const { model, data, profile, expectations } = request;
  const names = profile.columns.map(({ name }) => name);
  const label = request.label ?? guessLabel(profile.columns);
  if (label === undefined) {
    throw new UserError(
      `which column of ${data} is to be predicted? say \`trainyard init --data ${data} --label COLUMN\`; available: ${names.join(", ")}`,
      { exit: EXIT.usage },
    );
  }
  const target = profile.columns.find(({ name }) => name === label);
  if (target === undefined) {
    const close = nearest(label, names);
    throw new UserError(
      `${data} has no column "${label}"; ${close === undefined ? "" : `did you mean "${close}"? `}available: ${names.join(", ")}`,
    );
  }
  const task = taskOf(target, profile.rows);
  const guessed =
    request.positive === undefined && task === "binary-classification" && target.kind === "text"
      ? guessPositive(target.top ?? [])
      : undefined;
  const positive = request.positive ?? guessed?.value;
  const rest = profile.columns.filter(({ name }) => name !== label);
  const numbers = rest.filter(
    (column) => column.kind === "number" && !isKey(column, profile.rows) && column.distinct > 1,
  );
  const flags = rest.filter(({ kind }) => kind === "boolean");
  const categories = rest.filter(
    ({ kind, distinct }) => kind === "text" && distinct > 1 && distinct <= MOST_CATEGORIES,
  );
  const fills = [...numbers, ...flags, ...categories].filter(({ missing }) => missing > 0);
  const features = [
    ...(numbers.length > 0 ? [{ scale: numbers.map(({ name }) => name) }] : []),
    ...(categories.length > 0 ? [{ one_hot: categories.map(({ name }) => name) }] : []),
    ...(flags.length > 0 ? [{ keep: flags.map(({ name }) => name) }] : []),
  ];
  if (features.length === 0)
    throw new UserError(`${data} has no column beside "${label}" that a model could learn from`);
  const gates = draftGates(task, target, positive);
  const contract = {
    model,
    task,
    data: {
      sources: { data },
      roles: { label, ...(positive === undefined ? {} : { positive: literal(positive, target) }) },
      expect: expectations,
    },
    ...(fills.length > 0
      ? {
          prepare: {
            values: [
              {
                fill: Object.fromEntries(
                  fills.map(({ name, kind }) => [name, kind === "number" ? "median" : "mode"]),
                ),
              },
            ],
          },
        }
      : {}),
    split: { by: "hash", holdout: `${HOLDOUT * 100}%`, validation: "10%" },
    features,
    train: { with: task === "regression" ? "linear" : "logistic" },
    evaluate: {
      ...(task === "binary-classification" ? { decision: { maximize: "f1" } } : {}),
      gates: gates.gates,
    },
  };
  const remarks: Remark[] = [{ path: ["evaluate", "gates", 0], text: gates.remark }];
  if (guessed?.sure === false) {
    remarks.push({
      path: ["data", "roles", "positive"],
      text: "The rarer of the two; is it the one you look for?",
    });
  }
  return {
    label,
    text: `# Drafted from ${data}. Read it, name what is sensitive or leaks under data.roles, and set the gates.\n${readableYaml(contract, remarks)}`,
  };
}

/** A number that differs in every row names the row; it would be learnt by heart. */
function isKey({ type, distinct }: ColumnProfile, rows: number): boolean {
  return distinct === rows && rows > 50 && /INT/.test(type);
}

function taskOf({ name, kind, distinct, type }: ColumnProfile, rows: number): string {
  if (distinct < 2)
    throw new UserError(
      `the label "${name}" has ${distinct === 0 ? "no value" : "the same value in every row"}; there is nothing to predict`,
    );
  if (kind === "time")
    throw new UserError(`the label "${name}" is a time; make a number or a class of it in a SQL file`);
  if (distinct === 2) return "binary-classification";
  if (kind === "text" || (/INT/.test(type) && distinct <= MOST_CLASSES && distinct < rows / 10)) {
    if (distinct > MOST_CLASSES * 5)
      throw new UserError(`the label "${name}" has ${distinct} classes; that is more than can be told apart`);
    return "multiclass-classification";
  }
  return "regression";
}

const literal = (text: string, { kind }: ColumnProfile): string | number | boolean => {
  if (kind === "boolean") return text === "true" || text === "1";
  return kind === "number" && !Number.isNaN(Number(text)) ? Number(text) : text;
};
