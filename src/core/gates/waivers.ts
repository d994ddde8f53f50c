import type { Waiver } from "../../config/waivers.ts";
import type { GateRow } from "../report/report.ts";
import type { WaiverRow } from "../report/sections/waivers.ts";

/** What a waiver is held against. */
export interface Circumstances {
  /** The day, by UTC: `2026-11-22`. */
  readonly today: string;
  /** The pull request that is judged; undefined on a laptop and in a merge queue. */
  readonly pull: number | undefined;
  /** Of the model's bytes. */
  readonly sha256: string | undefined;
  /** How many days ahead a waiver may reach; as many as it likes where it is absent. */
  readonly days: number | undefined;
}

/** The gates after the waivers, and what became of each waiver. */
export interface AfterWaivers {
  readonly gates: GateRow[];
  readonly waivers: WaiverRow[];
}

/**
 * Lets gates be passed by that the base branch waives. A gate that is broken, or undecided so that it holds the
 * change, counts as waived: which is no pass. One that passes or warns stays as it is. What was waived
 * before is undone first, so that other waivers may be tried on the same gates.
 *
 * @param proposed waivers that the change adds: they are shown, and have no effect
 */
export function applyWaivers(
  gates: readonly GateRow[],
  standing: readonly Waiver[],
  proposed: readonly Waiver[],
  circumstances: Circumstances,
): AfterWaivers {
  const plain = gates.map(withoutWaiver);
  const states = standing.map((waiver) => stateOf(waiver, plain, circumstances));
  const holds = standing.filter((_, index) => states[index] === "holds");
  const after = plain.map((gate): GateRow => {
    const { verdict } = gate;
    const waiver = holds.find((one) => one.gate === gate.condition);
    if (waiver === undefined || (verdict !== "fail" && verdict !== "inconclusive")) return gate;
    const { by, because, until } = waiver;
    return { ...gate, verdict: "waived", waived: { by, because, until, instead_of: verdict } };
  });
  const rows = [
    ...standing.map((waiver, index) => rowOf(waiver, states[index] ?? "no gate")),
    ...proposed.map((waiver) => rowOf(waiver, "proposed")),
  ];
  return { gates: after, waivers: rows };
}

/**
 * The waivers of one list that another one does not have.
 *
 * @example addedWaivers([{ gate: "f1 >= 0.7", by: "@a", because: "b", until: "2026-01-01", line: 2 }], []).length // => 1
 */
export function addedWaivers(list: readonly Waiver[], other: readonly Waiver[]): readonly Waiver[] {
  const known = new Set(other.map(keyOf));
  return list.filter((waiver) => !known.has(keyOf(waiver)));
}

/** What a waiver says, wherever it stands in its file. */
export const keyOf = ({ gate, by, because, until, pull, digest }: Waiver): string =>
  JSON.stringify([gate, by, because, until, pull ?? null, digest ?? null]);

function withoutWaiver({ waived, ...gate }: GateRow): GateRow {
  return waived === undefined ? gate : { ...gate, verdict: waived.instead_of };
}

function stateOf(
  { gate, until, pull, digest }: Waiver,
  gates: readonly GateRow[],
  { today, pull: here, sha256, days }: Circumstances,
): WaiverRow["state"] {
  if (isExpired(until, today)) return "expired";
  if (days !== undefined && until > dayAfter(today, days)) return "too far";
  if (pull !== undefined && pull !== here) return "elsewhere";
  if (digest !== undefined && digest !== `sha256:${sha256}`) return "elsewhere";
  const named = gates.filter(({ condition }) => condition === gate);
  if (named.length === 0) return "no gate";
  const stops = named.some(({ verdict }) => verdict === "fail" || verdict === "inconclusive");
  return stops ? "holds" : "not needed";
}

/** A gate that was waived when it was judged, and would not be today. */
export interface WaiverOver {
  readonly condition: string;
  readonly until: string;
  /** What it counts as without its waiver. */
  readonly instead_of: "fail" | "inconclusive";
  readonly why: string;
}

/**
 * The gates of a verdict whose waivers do not hold any longer: the last day is over, or the base branch has taken
 * them back since.
 *
 * @param gates as the ledger's record has them
 * @param standing the waivers of the base branch now
 * @param today by UTC: `2026-11-22`
 */
export function waiversOver(
  gates: readonly Pick<GateRow, "condition" | "waived">[],
  standing: readonly Waiver[],
  today: string,
): readonly WaiverOver[] {
  return gates.flatMap(({ condition, waived }) => {
    if (waived === undefined) return [];
    const { by, because, until, instead_of } = waived;
    const stands = standing.some(
      (one) => one.gate === condition && one.by === by && one.because === because && one.until === until,
    );
    const why = isExpired(until, today)
      ? "is over"
      : stands
        ? undefined
        : "stands on the base branch no longer";
    return why === undefined ? [] : [{ condition, until, instead_of, why }];
  });
}

/**
 * Whether the last day is over: days are compared by their letters, which is by the calendar.
 *
 * @example isExpired("2026-11-22", "2026-11-22") // => false
 * @example isExpired("2026-11-22", "2026-11-23") // => true
 */
export const isExpired = (until: string, today: string): boolean => until < today;

/**
 * The day that is so many days after another one.
 *
 * @example dayAfter("2026-12-30", 3) // => "2027-01-02"
 */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function rowOf(
  { gate, by, because, until, pull, digest, line }: Waiver,
  state: WaiverRow["state"],
): WaiverRow {
  const only = [
    ...(pull === undefined ? [] : [`#${pull}`]),
    ...(digest === undefined ? [] : [digest.slice(0, 19)]),
  ];
  return { gate, by, because, until, only: only.length === 0 ? null : only.join(", "), state, line };
}
