import type { Contract } from "../config/contract.ts";
import type { ExpectationRow } from "../core/report/sections/robustness.ts";
import {
  alternativesOf,
  type Behaviour,
  behaviourOf,
  brokenRows,
  brokenShare,
  type Expected,
  expectedText,
} from "../core/robustness/behaviour.ts";
import { distanceAt } from "../core/robustness/outcome.ts";
import { UserError } from "../errors.ts";
import { onBehalfOf } from "../tables/step-error.ts";
import type { Asking } from "./robustness-rows.ts";

type Settings = NonNullable<Contract["evaluate"]["robustness"]>;

/** Asks how the score behaves, row by row. Without a model that can be asked nothing is checked. */
export async function askBehaviours(
  { expect }: Settings,
  asking: Asking | undefined,
): Promise<ExpectationRow[]> {
  const found: ExpectationRow[] = [];
  for (const [index, expected] of expect.entries()) found.push(await askOne(expected, index, asking));
  return found;
}

async function askOne(
  expected: Expected,
  index: number,
  asking: Asking | undefined,
): Promise<ExpectationRow> {
  const behaviour = behaviourOf(expected);
  const { column } = behaviour;
  const row = {
    text: expectedText(expected),
    column,
    rows: 0,
    broken: 0,
    farthest: 0,
    allow: expected.allow,
    interval: null,
  };
  if (asking === undefined) return { ...row, state: "not checked" };
  const { rows, clean, facts, measuring, classes } = asking;
  const own = rows.table.columns.get(column);
  const fact = facts.get(column);
  if (own === undefined || fact === undefined) return { ...row, state: "no input" };
  const place = onBehalfOf(["evaluate", "robustness", "expect", index], () => {
    if (behaviour.kind === "moving" && own.kind !== "number") {
      throw new UserError(`"${column}" holds ${own.kind}, and only a number can be raised or lowered`);
    }
    return outputOf(expected, behaviour, classes);
  });
  // of several scores a row the one that is meant, or else how far they lie from what they were
  const pick = (scores: Float64Array): Float64Array =>
    place === undefined && clean.outputs > 1
      ? clean.labels.map((_, at) => distanceAt(clean, { scores }, at))
      : scores.filter((_, at) => at % clean.outputs === (place ?? 0));
  const others: { scores: Float64Array; asked: (row: number) => boolean }[] = [];
  for (const { table, asked } of alternativesOf(behaviour, rows.table, fact)) {
    const said = await rows.ask(table);
    if (said.state !== "measured") return { ...row, state: "refused" };
    others.push({ scores: pick(said.scored.scores), asked });
  }
  const found = brokenRows(behaviour, pick(clean.scores), others);
  const share = brokenShare(found, measuring.confidence);
  const { confidence } = measuring;
  const bounds = share?.interval;
  return {
    ...row,
    ...found,
    state: "checked",
    interval: bounds === undefined ? null : { ...bounds, confidence, method: "Wilson" },
  };
}

/** Which of a row's scores is meant; undefined where it has one, or where all of them are. */
function outputOf({ of }: Expected, { kind }: Behaviour, classes: readonly string[]): number | undefined {
  if (classes.length <= 2) return undefined;
  if (of === undefined) {
    if (kind === "changing") return undefined;
    throw new UserError(
      `of which class's score? say "of: ${classes[0]}"; the classes are ${classes.join(", ")}`,
    );
  }
  const place = classes.indexOf(of);
  if (place < 0) throw new UserError(`there is no class "${of}"; the classes are ${classes.join(", ")}`);
  return place;
}
