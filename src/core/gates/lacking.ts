import { plain } from "../report/escape.ts";
import type { Judged } from "./explain.ts";

/** A group that is large enough to be one, and has too few rows for the rate that a gate asks. */
export interface Lacking {
  readonly group: string;
  /** Rows that the rate would rest on. */
  readonly of: number;
  /** What those rows are. */
  readonly noun: string;
}

/** So many groups are named in one sentence. */
export const NAMED = 3;

/**
 * The decision of a gate about groups, some of which have too few rows to be asked: one that the others break stays
 * broken, and says who took no part; one that they meet is undecided, since of the rest nobody knows.
 *
 * @example lackingGroups({ state: "met", value: 1, interval: null, limit: 0.7, why: "compared" }, [{ group: "b", of: 2, noun: "positive rows" }]) // => { state: "undecided", value: 1, interval: null, limit: 0.7, why: "compared", also: '; too few to tell: "b" (2 positive rows)', unknown: true }
 */
export function lackingGroups(judged: Judged, lacking: readonly Lacking[]): Judged {
  if (lacking.length === 0 || judged.why !== "compared") return judged;
  const also = judged.also ?? "";
  if (judged.state === "broken") return { ...judged, also: `${also}, without ${groupsText(lacking)}` };
  const told = `; too few to tell: ${groupsText(lacking)}`;
  return { ...judged, state: "undecided", also: `${also}${told}`, unknown: true };
}

/**
 * Groups with the rows that they have.
 *
 * @example groupsText([{ group: "b", of: 2, noun: "positive rows" }]) // => '"b" (2 positive rows)'
 */
export function groupsText(groups: readonly Lacking[]): string {
  const told = groups
    .slice(0, NAMED)
    .map(({ group, of, noun }) => `"${plain(group, 60)}" (${Math.round(of)} ${noun})`);
  return `${told.join(", ")}${groups.length > NAMED ? ` and ${groups.length - NAMED} more` : ""}`;
}
