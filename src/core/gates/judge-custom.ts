import { plain } from "../report/escape.ts";
import type { CustomByGroup, CustomGroup } from "../report/sections/custom.ts";
import type { Condition } from "./condition.ts";
import type { Judged } from "./explain.ts";
import { holds } from "./holds.ts";

/** What one group is held to. */
interface Claim {
  readonly who: string;
  readonly value: number;
  readonly limit: number;
  readonly interval: CustomGroup["interval"];
  readonly accused: CustomGroup["interval"];
}

/**
 * Decides what a contract's own metric has to be in every group. It is met where every group's whole
 * interval satisfies it, which needs no correction; broken where some group's wider interval, at
 * Bonferroni's level for that many groups, satisfies it nowhere; undecided between. Groups without a value leave
 * it undecided: what is not known is no pass. Without any resamples the values decide.
 */
export function judgeCustom(condition: Condition, { groups }: CustomByGroup): Judged {
  const { operator, right } = condition;
  const nothing = { state: "undecided", value: null, interval: null, limit: null, why: "no value" } as const;
  const claims = groups.flatMap((group) => claimOf(group, right));
  const unknown = groups.length - claims.length;
  const [first] = claims;
  if (first === undefined) return { ...nothing, reason: groups[0]?.reason ?? "no group has a value" };
  const asked = claims.some(({ interval }) => interval !== null);
  const whole = ({ interval, value, limit }: Claim): boolean =>
    interval === null
      ? !asked && holds(value, operator, limit)
      : holds(interval.low, operator, limit) && holds(interval.high, operator, limit);
  const fails = ({ accused, value, limit }: Claim): boolean =>
    accused === null
      ? !asked && !holds(value, operator, limit)
      : !holds(accused.low, operator, limit) && !holds(accused.high, operator, limit);
  const broken = claims.filter(fails);
  const met = unknown === 0 && claims.every(whole);
  const margin = ({ value, interval, limit }: Claim): number =>
    operator.startsWith(">") ? (interval?.low ?? value) - limit : limit - (interval?.high ?? value);
  const shown = (broken.length > 0 ? broken : claims).reduce(
    (a, b) => (margin(b) < margin(a) ? b : a),
    broken[0] ?? first,
  );
  // what fails alone, and not as one of many, may be chance: the wider interval says so, where there is one
  const { interval, accused } = shown;
  const alone =
    broken.length === 0 &&
    interval !== null &&
    !holds(interval.low, operator, shown.limit) &&
    !holds(interval.high, operator, shown.limit);
  const chance = alone ? `; the worst of ${claims.length} may look so by chance` : "";
  const without = unknown === 0 ? "" : `; ${unknown} of ${groups.length} groups have no value`;
  return {
    state: broken.length > 0 ? "broken" : met ? "met" : "undecided",
    value: shown.value,
    interval: broken.length > 0 || (alone && accused !== null) ? accused : interval,
    limit: shown.limit,
    why: "compared",
    who: shown.who,
    also: `${chance}${broken.length > 1 ? `; nor ${broken.length - 1} more` : ""}${without}`,
    unknown: unknown > 0,
  };
}

function claimOf(group: CustomGroup, right: Condition["right"]): Claim[] {
  const who = `"${plain(group.group, 60)}"`;
  if (right.kind === "number") {
    const { value, interval, accused } = group;
    return value === null ? [] : [{ who, value, limit: right.value, interval, accused }];
  }
  const { difference, baseline } = group;
  if (difference === null || baseline === null) return [];
  return [{ who, ...difference, limit: (right.times - 1) * baseline + right.plus }];
}
