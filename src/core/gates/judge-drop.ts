import { counted } from "../report/numbers.ts";
import type { GateRow } from "../report/report.ts";
import type { PerturbationRow, Robustness } from "../report/sections/robustness.ts";
import type { Condition } from "./condition.ts";
import type { Judged } from "./explain.ts";
import { holds } from "./holds.ts";

const UNDECIDED = { state: "undecided", value: null, interval: null, limit: null } as const;

/**
 * Decides how much worse a metric may get on perturbed rows. It is met when the whole interval of every
 * variant satisfies the limit, which needs no correction; broken when none of the interval of the worst one
 * does, at a confidence that is shared out among all variants (Bonferroni), since the worst of many is
 * always bad; undecided between. Rows that its recipe refuses drop nothing; where the model itself breaks, or
 * answers with no number, nothing is met, since nobody knows what it would have said; nor where the metric has no value
 * on what it answered.
 */
export function judgeDrop(condition: Condition, robustness: Robustness | undefined): Judged {
  const { metric, drop, operator, right } = condition;
  const none = (reason: string): Judged => ({ ...UNDECIDED, why: "no value", reason });
  if (drop === undefined || right.kind !== "number") return none("it is no question of a drop");
  if (robustness === undefined) return none("the contract has no evaluate.robustness");
  if (robustness.unchecked !== null) return none(`not checked: ${robustness.unchecked}`);
  const rows = robustness.perturbations.filter(({ name }) => drop.under === "any" || name === drop.under);
  const found = rows.flatMap((row) => measured(row, metric));
  if (found.length === 0)
    return none(`no row could be perturbed by ${drop.under}, or the model speaks of none that was`);
  const limit = right.value;
  const worst = found.reduce((most, one) => (one.drop > most.drop ? one : most));
  const asked = found.some(({ interval }) => interval !== null);
  const met = found.every(({ drop: value, interval }) =>
    interval === null ? !asked && holds(value, operator, limit) : holds(interval.high, operator, limit),
  );
  const claimed = rows
    .flatMap((row) => row.worst.filter((one) => one.metric === metric))
    .some(({ interval }) => interval !== null && !holds(interval.low, operator, limit));
  const broken = asked ? claimed : !met;
  const variants = rows.flatMap((row) => row.variants);
  const silent = variants.filter((one) => one.state === "broken").length;
  const unmeasured = variants.filter((one) => one.state === "measured").length - found.length;
  const state: GateRow["state"] = broken
    ? "broken"
    : met && silent === 0 && unmeasured === 0
      ? "met"
      : "undecided";
  const byChance =
    worst.interval !== null && state === "undecided" && !holds(worst.interval.low, operator, limit)
      ? `; the worst of ${found.length} variants may look so by chance`
      : "";
  const lost = unmeasured > 0 ? `; ${metric} has no value on ${counted(unmeasured, "variant")}` : "";
  const also = silent > 0 ? `; ${counted(silent, "variant")} broke the model${lost}` : lost || byChance;
  return {
    state,
    value: worst.drop,
    interval: worst.interval,
    limit,
    why: "compared",
    who: worst.who,
    ...(also === "" ? {} : { also }),
    unknown: silent + unmeasured > 0,
    reason: asked && worst.interval === null ? "the data allow no interval for the drop" : null,
  };
}

function measured({ name, variants }: PerturbationRow, metric: string) {
  return variants.flatMap(({ drops, columns, words }) => {
    const own = drops.find((one) => one.metric === metric);
    if (own === undefined || own.drop === null) return [];
    const [first = ""] = columns;
    const where = columns.length === 1 ? first : `${columns.length} columns at once`;
    return [
      { drop: own.drop, interval: own.interval, who: `${name.replaceAll("_", " ")}, ${where} (${words})` },
    ];
  });
}
