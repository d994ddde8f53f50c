import { plain } from "../report/escape.ts";
import type { History } from "./history.ts";
import type { Measurement } from "./measurement.ts";

/** An issue of ours as it is now. */
export interface KnownIssue {
  readonly number: number;
  readonly state: "open" | "closed";
  readonly locked: boolean;
  readonly closedBy: string | undefined;
}

/** What is to become of the one issue. */
export type Step<I extends KnownIssue = KnownIssue> =
  | { readonly do: "open"; readonly after: I | undefined }
  | { readonly do: "update" | "reopen" | "close"; readonly issue: I }
  | {
      readonly do: "leave";
      readonly issue: I | undefined;
      readonly because: "quiet" | "not enough data" | "locked" | "respected" | "kept open";
      readonly why: string;
    };

/**
 * Decides what becomes of the issue. What people did to it stands: one that a person closed stays
 * closed until the trouble was seen gone once, one that a person reopened stays open until there was
 * trouble again, and a locked one is not written to.
 *
 * @param issues ours of this model and environment, duplicates left out, whatever their state
 * @param me the login that we write as
 *
 * @example decide({ verdict: "moved", served: null }, { last: undefined, decided: undefined, since: undefined }, [], "bot").do // => "open"
 * @example decide({ verdict: "not enough data", served: null }, { last: undefined, decided: undefined, since: undefined }, [], "bot").do // => "leave"
 */
export function decide<I extends KnownIssue>(
  { verdict, served }: Pick<Measurement, "verdict" | "served">,
  { decided }: History,
  issues: readonly I[],
  me: string,
): Step<I> {
  const open = oldest(issues.filter(({ state }) => state === "open"));
  if (verdict === "not enough data") {
    return { do: "leave", issue: open, because: verdict, why: "there is not enough data to say anything" };
  }
  if (open?.locked) {
    return {
      do: "leave",
      issue: open,
      because: "locked",
      why: `#${open.number} is locked, so that nothing was written there`,
    };
  }
  if (verdict === "quiet") {
    if (open === undefined) return { do: "leave", issue: undefined, because: "quiet", why: "all is quiet" };
    const before = decided?.verdict === "quiet" && decided.issue?.number === open.number;
    if (before && (decided.issue?.did === "closed" || decided.issue?.did === "kept open")) {
      return {
        do: "leave",
        issue: open,
        because: "kept open",
        why: `somebody reopened #${open.number} after the trouble was gone, so that it stays open`,
      };
    }
    return { do: "close", issue: open };
  }
  if (open !== undefined) return { do: "update", issue: open };

  const closed = newest(issues);
  if (closed === undefined) return { do: "open", after: undefined };
  if (closed.closedBy !== undefined && closed.closedBy === me) {
    if (!closed.locked) return { do: "reopen", issue: closed };
    return { do: "open", after: closed };
  }
  // where no record says anything, the person who closed it is believed
  const same =
    decided === undefined || (decided.verdict === "moved" && decided.served?.sha256 === served?.sha256);
  if (!same) return { do: "open", after: closed };
  const who = closed.closedBy === undefined ? "somebody" : `"${plain(closed.closedBy, 60)}"`;
  return {
    do: "leave",
    issue: closed,
    because: "respected",
    why: `${who} closed #${closed.number}, so that it stays closed until the trouble was gone once`,
  };
}

const oldest = <I extends KnownIssue>(issues: readonly I[]): I | undefined =>
  [...issues].sort((a, b) => a.number - b.number)[0];

const newest = <I extends KnownIssue>(issues: readonly I[]): I | undefined =>
  [...issues].sort((a, b) => b.number - a.number)[0];
