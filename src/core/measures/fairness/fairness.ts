import type { Fairness, Interval } from "../../report/report.ts";
import { wilson } from "../../stats/wilson.ts";
import type { TextColumn } from "../../tables/column.ts";
import { drawnTogether } from "../drawn-together.ts";
import type { Certainty } from "../interval.ts";
import type { Answers } from "../points.ts";
import type { Task } from "../task.ts";
import { comparisonOf, type Reference } from "./comparison.ts";
import { asAlone, type Effective, effectiveOf } from "./effective.ts";
import { absoluteErrors, errorMeasure, groupMeans } from "./error-measure.ts";
import { type Groups, groupsOf } from "./groups.ts";
import { rateMeasures } from "./rate-measures.ts";
import { type Rate, ratesOf } from "./rates.ts";
import { type RateName, type ShareKind, shareKind } from "./shares.ts";

/** What is measured of groups, and which of them are large enough. */
export interface FairnessSettings extends Certainty {
  readonly task: Task;
  /** Groups, and denominators of their rates, of fewer rows take no part. */
  readonly minGroupSize: number;
  /** Whom groups are held against; the largest of them where nobody says. */
  readonly reference?: "majority" | "best" | Readonly<Record<string, string>> | undefined;
}

/** One level of a control column: fairness is measured among its rows alone. */
export interface Level {
  readonly column: string;
  readonly level: string;
  readonly has: (row: number) => boolean;
}

/**
 * Who is treated how: each group of a sensitive column with its rates, their denominators and
 * Wilson's intervals, and the measures over the groups.
 *
 * Groups below the minimum size take no part in the measures: their rates say little, and a largest
 * difference always finds the smallest group. They are counted in `hidden`, and each measure's
 * method says so. In a group that is large enough, a rate whose own denominator is not takes no part
 * either: it is "too few" with its counts, or "no data" where there is none, and never 0.
 */
export function fairnessOf(
  column: string,
  { values, candidate, baseline }: { values: TextColumn; candidate: Answers; baseline: Answers | undefined },
  settings: FairnessSettings,
  within?: Level,
): Fairness {
  if (candidate.kind === "sets")
    throw new TypeError("groups are not compared where rows carry several labels");
  const groups = groupsOf(values, settings.minGroupSize, within?.has);
  const stream = `fairness ${column}${within === undefined ? "" : ` within ${within.column} ${within.level}`}`;
  const units = drawnTogether(settings);
  const effective =
    units !== undefined && candidate.kind === "classes"
      ? effectiveOf(units, groups, candidate.classified, classesOf(baseline))
      : undefined;
  const measures =
    candidate.kind === "classes"
      ? rateMeasures(groups, candidate.classified, classesOf(baseline), stream, settings, effective)
      : errorMeasure(groups, candidate, numbersOf(baseline), stream, settings);
  const compared =
    candidate.kind === "classes"
      ? comparisonOf(
          groups,
          candidate.classified,
          classesOf(baseline),
          {
            reference: referenceOf(column, settings.reference),
            confidence: settings.confidence,
            minGroupSize: settings.minGroupSize,
          },
          effective,
        )
      : undefined;
  return {
    column,
    groups: groupRows(groups, candidate, settings, effective),
    hidden: groups.hidden,
    measures: measures.map((row) => ({ ...row, interval: mentioning(groups, row.interval) })),
    ...(within === undefined ? {} : { within: { column: within.column, level: within.level } }),
    ...(compared === undefined ? {} : { compared }),
  };
}

function referenceOf(column: string, asked: FairnessSettings["reference"]): Reference {
  if (asked === undefined || typeof asked === "string") return asked ?? "majority";
  return Object.hasOwn(asked, column) ? { group: asked[column] ?? "" } : "majority";
}

const classesOf = (answers: Answers | undefined) =>
  answers?.kind === "classes" ? answers.classified : undefined;
const numbersOf = (answers: Answers | undefined) => (answers?.kind === "numbers" ? answers : undefined);

function mentioning({ hidden }: Groups, interval: Interval | null): Interval | null {
  if (interval === null || hidden.groups === 0) return interval;
  const groups = hidden.groups === 1 ? "1 small group" : `${hidden.groups} small groups`;
  return { ...interval, method: `${interval.method}, without ${groups} (${hidden.rows} rows)` };
}

function groupRows(
  groups: Groups,
  answers: Answers,
  settings: FairnessSettings,
  effective: ((kind: ShareKind) => readonly Effective[]) | undefined,
): Fairness["groups"] {
  const rates = answers.kind === "classes" ? ratesOf(answers.classified, groups) : new Map();
  const means =
    answers.kind === "numbers" ? groupMeans(absoluteErrors(answers), groups, answers.weights) : [];
  return groups.names.map((name, g) => {
    const rate = (of: RateName) => rateRow(rates.get(of)?.[g], settings, effective?.(shareKind(of))[g]);
    return {
      name,
      size: groups.sizes[g] ?? 0,
      selection_rate: rate("selection_rate"),
      true_positive_rate: rate("true_positive_rate"),
      false_positive_rate: rate("false_positive_rate"),
      accuracy: rate("accuracy"),
      error: means[g] ?? null,
    };
  });
}

function rateRow(
  rate: Rate | undefined,
  { confidence, minGroupSize, weights }: FairnessSettings,
  told: Effective | undefined,
): Fairness["groups"][number]["accuracy"] {
  if (rate === undefined) return { value: null, of: 0, interval: null };
  const { count, of } = rate;
  if (of < Math.max(1, minGroupSize)) return { value: null, of, interval: null, count };
  const own = asAlone(rate, told, confidence);
  const bounds = wilson(own.count, own.of, confidence);
  const method =
    weights === undefined && told === undefined
      ? "Wilson score interval"
      : "Wilson score interval of the effective number of rows";
  const interval = bounds === undefined ? null : { ...bounds, confidence, method };
  return { value: count / of, of, interval, count };
}
