import { asAlone, EFFECTIVE, pairsAlone } from "../measures/fairness/effective.ts";
import { plain } from "../report/escape.ts";
import type { Fairness, Interval } from "../report/report.ts";
import type { ComparedGroup, ComparedRate } from "../report/sections/comparison.ts";
import { pairedDifference, shareRatio } from "../stats/two-proportions.ts";
import { wilson } from "../stats/wilson.ts";
import type { Against, ByGroup } from "./by-group.ts";
import type { Condition } from "./condition.ts";
import type { Judged } from "./explain.ts";
import { holds } from "./holds.ts";
import { groupsText, type Lacking, lackingGroups, NAMED } from "./lacking.ts";

/** One claim of many: of one group, or of one group against another. */
interface Claim {
  readonly who: string;
  readonly value: number;
  readonly limit: number;
  /** Where the true value lies, at any confidence. */
  readonly at: (confidence: number) => { readonly low: number; readonly high: number } | undefined;
  readonly method: string;
}

/** A ratio to next to nothing is shown as this, since a report has no infinite numbers. */
const MOST = 1000;

/**
 * Decides what is asked of every group, group by group.
 *
 * It is met where every claim's interval satisfies it: all must hold, so none needs to be corrected. It is
 * broken where some claim's interval, at the level of Holm's correction for that many claims, satisfies it
 * nowhere: of twenty fair groups one looks unfair by chance. Else it is undecided. Shown are value and interval of
 * the claim that decides; one that fails alone, but not as one of many, is shown with the wider interval. A group
 * that is none too small to be one, and has too few rows for the rate, leaves it undecided. The intervals come from counts, so they are there without any resamples.
 *
 * Source: S. Holm, "A simple sequentially rejective multiple test procedure" (1979).
 */
export function judgeGroups(
  condition: Condition & { readonly groups: ByGroup },
  fairness: Fairness | undefined,
): Judged {
  const nothing = { state: "undecided", value: null, interval: null, limit: null, why: "no value" } as const;
  const { groups, operator } = condition;
  const compared = fairness?.compared;
  const rate = compared?.rates.find(({ name }) => name === groups.rate);
  if (compared === undefined || rate === undefined) {
    const found = fairness?.groups.length ?? 0;
    const reason =
      found < 2 ? "there are fewer than two groups" : `${groups.rate} of ${found} groups is not compared`;
    return { ...nothing, reason };
  }
  const counted = rate.groups.filter(({ state }) => state === "counted");
  const lacking = lackingOf(rate);
  const claims =
    groups.kind === "worst_group"
      ? counted.flatMap((own) => ownClaim(own, condition))
      : pairClaims(counted, groups.against, fairness, condition);
  if (typeof claims === "string") return { ...nothing, reason: claims };
  if (claims.length === 0) {
    const reason =
      groups.kind === "four_fifths" && counted.length > 1 ? "nobody is selected" : "no group has enough rows";
    return {
      ...nothing,
      reason: `${reason}${lacking.length === 0 ? "" : `, without ${groupsText(lacking)}`}`,
    };
  }

  const { confidence } = compared;
  const within = ({ at, limit }: Claim, level: number): readonly [low: boolean, high: boolean] => {
    const range = at(level);
    if (range === undefined) return [false, true];
    return [holds(range.low, operator, limit), holds(range.high, operator, limit)];
  };
  const broken = stepDown(claims, confidence, (claim, level) => !within(claim, level).includes(true));
  const met = broken.length === 0 && claims.every((claim) => !within(claim, confidence).includes(false));
  const [first] = broken;
  const margin = (claim: Claim): number => {
    const range = claim.at(confidence);
    if (range === undefined) return Number.NEGATIVE_INFINITY;
    return operator.startsWith(">") ? range.low - claim.limit : claim.limit - range.high;
  };
  const shown = first?.claim ?? claims.reduce((a, b) => (margin(b) < margin(a) ? b : a));
  // what fails alone, and not as one of many, may be chance: the wider interval says so, and holds the limit
  const alone = first === undefined && !within(shown, confidence).includes(true);
  const level = first?.level ?? (alone ? 1 - (1 - confidence) / claims.length : confidence);
  const chance = alone ? `; the worst of ${claims.length} may look so by chance` : "";
  const others = broken.slice(1).map(({ claim }) => claim.who);
  const told = others.slice(0, NAMED).join(", ");
  const more = others.length > NAMED ? ` and ${others.length - NAMED} more` : "";
  const judged: Judged = {
    state: first !== undefined ? "broken" : met ? "met" : "undecided",
    value: Math.min(shown.value, MOST),
    interval: intervalOf(shown, level, claims.length),
    limit: shown.limit,
    why: "compared",
    who: shown.who,
    also: `${chance}${others.length === 0 ? "" : `; nor ${told}${more}`}`,
  };
  return lackingGroups(judged, lacking);
}

/** A group's name on one line, whatever is in it. */
const quoted = (name: string): string => `"${plain(name, 60)}"`;

/** Holm's steps: the claims that fail, each at the level that those before it have left. */
function stepDown(
  claims: readonly Claim[],
  confidence: number,
  fails: (claim: Claim, level: number) => boolean,
): { readonly claim: Claim; readonly level: number }[] {
  const broken: { claim: Claim; level: number }[] = [];
  const rest = [...claims];
  while (rest.length > 0) {
    const level = 1 - (1 - confidence) / rest.length;
    const place = rest.findIndex((claim) => fails(claim, level));
    const [claim] = place < 0 ? [] : rest.splice(place, 1);
    if (claim === undefined) break;
    broken.push({ claim, level });
  }
  return broken;
}

function intervalOf(claim: Claim, confidence: number, claims: number): Interval | null {
  const range = claim.at(confidence);
  if (range === undefined) return null;
  const method = claims === 1 ? claim.method : `${claim.method}, one of ${claims}`;
  return { low: Math.min(range.low, MOST), high: Math.min(range.high, MOST), confidence, method };
}

function ownClaim(own: ComparedGroup, { right }: Condition): Claim[] {
  const who = quoted(own.group);
  if (right.kind === "number") {
    const share = remembered((confidence) => asAlone(own, own.effective, confidence));
    const at = (confidence: number) => wilson(share(confidence).count, share(confidence).of, confidence);
    const method = `Wilson score interval${how(own)}`;
    return [{ who, value: own.count / own.of, limit: right.value, at, method }];
  }
  const [both, ours, theirs, neither] = own.paired ?? [];
  if (both === undefined || ours === undefined || theirs === undefined || neither === undefined) return [];
  const base = (both + theirs) / own.of;
  const told = own.effective && { ...own.effective, rows: own.effective.paired ?? own.effective.rows };
  return [
    {
      who,
      value: (ours - theirs) / own.of,
      limit: (right.times - 1) * base + right.plus,
      at: (confidence) =>
        pairedDifference(pairsAlone([both, ours, theirs, neither], told, confidence), confidence),
      method: `Newcombe's interval of pairs${how(own)}`,
    },
  ];
}

/** Against the best means against every other group: which one is best, the rows themselves say. */
function pairClaims(
  counted: readonly ComparedGroup[],
  against: Against,
  fairness: Fairness | undefined,
  { right }: Condition,
): Claim[] | string {
  const limit = right.kind === "number" ? right.value : 0;
  let bases = counted;
  if (against !== "best") {
    const sizes = fairness?.groups ?? [];
    const largest = sizes.reduce((a, b) => (b.size > (a?.size ?? -1) ? b : a), sizes[0])?.name;
    const name = against === "majority" ? largest : against.group;
    bases = counted.filter(({ group }) => group === name);
    if (bases.length === 0) return `the group ${quoted(name ?? "")} is not there, or has too few rows`;
  }
  const shares = new Map(
    counted.map((own) => [own, remembered((confidence) => asAlone(own, own.effective, confidence))]),
  );
  return bases.flatMap((base) =>
    counted.flatMap((own): Claim[] => {
      const [a, b] = [shares.get(own), shares.get(base)];
      if (a === undefined || b === undefined) return [];
      if (own === base || (own.count === 0 && base.count === 0)) return [];
      return [
        {
          who: `${quoted(own.group)} against ${quoted(base.group)}`,
          value: own.count / own.of / (base.count / base.of),
          limit,
          at: (confidence) => shareRatio(a(confidence), b(confidence), confidence),
          method: `MOVER-R of Wilson's intervals${how(own)}`,
        },
      ];
    }),
  );
}

/** Whether rows belong together, and are counted by what they tell. */
const how = ({ effective }: ComparedGroup): string => (effective === undefined ? "" : EFFECTIVE);

/** What was found before for a confidence: each group is in many pairs. */
function remembered<T>(find: (confidence: number) => T): (confidence: number) => T {
  const found = new Map<number, T>();
  return (confidence) => {
    const known = found.get(confidence) ?? find(confidence);
    found.set(confidence, known);
    return known;
  };
}

/** The groups that take no part, with the rows that they have. */
const lackingOf = ({ groups, noun }: ComparedRate): Lacking[] =>
  groups.filter(({ state }) => state !== "counted").map(({ group, of }) => ({ group, of, noun }));
