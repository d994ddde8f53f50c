import type { Fairness, Interval } from "../../report/report.ts";
import { type Certainty, intervalOf } from "../interval.ts";
import type { Classified } from "../scored.ts";
import type { Task } from "../task.ts";
import { asAlone, EFFECTIVE, type Effective, pairsAlone } from "./effective.ts";
import type { Groups } from "./groups.ts";
import { pairedRateBounds } from "./paired-gaps.ts";
import { rateInterval } from "./rate-intervals.ts";
import { apart, type PairedRate, pairedRatesOf, type Rate, type Rates, ratesOf } from "./rates.ts";
import { type RateName, type ShareKind, shareKind } from "./shares.ts";
import { type FairnessMeasure, fairnessMeasuresOf } from "./table.ts";

/** The groups whose rate has a denominator of the minimum size, by rate, and those that take no part. */
interface Parts {
  readonly kept: ReadonlyMap<RateName, readonly number[]>;
  readonly without: NonNullable<Fairness["measures"][number]["without"]>;
}

/**
 * The measures of a classifier over groups, each with its interval and beside the baseline.
 *
 * A rate whose denominator is below the minimum size takes no part: 1 found of 2 is 50 %, and means
 * nothing. The row says which groups were left out, and on how few rows.
 *
 * @param effective how much rows tell that belong together; absent where every row stands for itself
 */
export function rateMeasures(
  groups: Groups,
  candidate: Classified,
  baseline: Classified | undefined,
  stream: string,
  settings: Certainty & { readonly task: Task; readonly minGroupSize: number },
  effective?: (kind: ShareKind) => readonly Effective[],
): Fairness["measures"] {
  const ours = ratesOf(candidate, groups);
  const theirs = baseline && ratesOf(baseline, groups);
  const both = baseline && pairedRatesOf(candidate, baseline, groups);
  const named = <T extends Interval | null>(interval: T): T =>
    interval === null || effective === undefined
      ? interval
      : { ...interval, method: `${interval.method}${EFFECTIVE}` };
  return fairnessMeasuresOf(settings.task).map((measure) => {
    const parts = partsOf(measure, ours, groups, settings.minGroupSize);
    const reason = whyNot(measure, ours, groups, parts, settings.minGroupSize);
    const value = reason === null ? measured(measure, ours, parts) : null;
    const base = theirs === undefined || reason !== null ? null : measured(measure, theirs, parts);
    const certain = settings.resamples > 0 && value !== null;
    const paired =
      certain && base !== null && both !== undefined
        ? pairedRateBounds(measure, pairsOf(measure, both, parts, settings, effective), stream, settings)
        : undefined;
    const compared = new Map(
      measure.rates.map((name) => [
        name,
        taking(ours, name, parts).map(({ rate, group }) =>
          asAlone(rate, effective?.(shareKind(name))[group], settings.confidence),
        ),
      ]),
    );
    return {
      name: measure.name,
      title: measure.title,
      better: measure.as === "difference" ? "lower" : "higher",
      value,
      interval: certain ? named(rateInterval(measure, compared, value, stream, settings)) : null,
      train: null,
      baseline: base,
      difference:
        value === null || base === null ? null : { value: value - base, interval: named(intervalOf(paired)) },
      reason,
      ...(parts.without.length === 0 ? {} : { without: parts.without }),
    };
  });
}

function partsOf({ rates }: FairnessMeasure, counts: Rates, { names }: Groups, least: number): Parts {
  const without: { group: string; rate: RateName; of: number }[] = [];
  const kept = new Map<RateName, number[]>();
  for (const rate of rates) {
    const taken: number[] = [];
    (counts.get(rate) ?? []).forEach(({ of }, g) => {
      if (of >= Math.max(1, least)) taken.push(g);
      else without.push({ group: names[g] ?? "", rate, of });
    });
    kept.set(rate, taken);
  }
  return { kept, without };
}

const taking = (rates: Rates, name: RateName, { kept }: Parts): { rate: Rate; group: number }[] =>
  (kept.get(name) ?? []).flatMap((group) => {
    const rate = rates.get(name)?.[group];
    return rate === undefined ? [] : [{ rate, group }];
  });

/** So many groups of too few rows are named where a measure has no value for their sake. */
const NAMED = 3;

/** Why a measure has no value; null where it has one. */
function whyNot(
  measure: FairnessMeasure,
  rates: Rates,
  groups: Groups,
  parts: Parts,
  least: number,
): string | null {
  const few = tooFew(groups);
  if (few !== null) return few;
  for (const name of measure.rates) {
    if ((parts.kept.get(name)?.length ?? 0) >= 2) continue;
    const lacking = parts.without.filter(({ rate }) => rate === name);
    const told = lacking
      .slice(0, NAMED)
      .map(({ group, of }) => `"${group}" has ${of === 0 ? "none" : Math.round(of)}`);
    const more = lacking.length > NAMED ? [`${lacking.length - NAMED} more groups have too few`] : [];
    const wanted = `${Math.max(1, least)} ${shareKind(name).noun}`;
    return `fewer than two groups have ${wanted}: ${[...told, ...more].join(", ")}`;
  }
  const [first] = measure.rates;
  const zero = first !== undefined && taking(rates, first, parts).every(({ rate }) => rate.count === 0);
  if (measure.as === "ratio" && zero) return `the ${first.replaceAll("_", " ")} is 0 in every group`;
  return null;
}

/** Why there is nothing to compare; null where there is. */
export function tooFew({ names, hidden }: Groups): string | null {
  if (names.length >= 2) return null;
  const left = hidden.groups === 0 ? "" : `; ${hidden.groups} more below the minimum size`;
  return names.length === 0
    ? `there is no group of the minimum size${left}`
    : `there is one group only${left}`;
}

function measured(measure: FairnessMeasure, rates: Rates, parts: Parts): number | null {
  const share = ({ rate: { count, of } }: { rate: Rate }) => count / of;
  const value = apart(
    measure.rates.map((name) => taking(rates, name, parts).map(share)),
    measure.as,
  );
  return Number.isNaN(value) ? null : value;
}

function pairsOf(
  { rates }: FairnessMeasure,
  both: ReturnType<typeof pairedRatesOf>,
  { kept }: Parts,
  { confidence }: Certainty,
  effective: ((kind: ShareKind) => readonly Effective[]) | undefined,
): Map<RateName, PairedRate[]> {
  return new Map(
    rates.map((name) => {
      const kind = shareKind(name);
      const all = both(kind);
      return [
        name,
        (kept.get(name) ?? []).map((g) => {
          const told = effective?.(kind)[g];
          const least = told && { units: told.units, rows: told.least ?? told.rows };
          return pairsAlone(all[g] ?? [0, 0, 0, 0], least, confidence);
        }),
      ];
    }),
  );
}
