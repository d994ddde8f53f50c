import * as z from "zod";

/** What becomes of a waiver. */
export const WAIVER_STATES = [
  "holds",
  "not needed",
  "expired",
  "too far",
  "elsewhere",
  "no gate",
  "proposed",
] as const;

/** That a gate is passed by, and what it would say otherwise. */
export const waived = z
  .object({
    by: z.string(),
    because: z.string(),
    until: z.string().meta({ description: "The last day on which it holds, by UTC" }),
    instead_of: z.enum(["fail", "inconclusive"]),
  })
  .meta({ description: "Who lets the gate be passed by, why, and until when" });

/** A waiver of the repository, whether it holds or not. */
export const waiver = z.object({
  gate: z.string(),
  by: z.string(),
  because: z.string(),
  until: z.string(),
  only: z.string().nullable().meta({ description: "The pull request or the bytes that it is for" }),
  state: z.enum(WAIVER_STATES).meta({
    description:
      "`proposed`: the change adds it, so that it holds once a code owner has agreed and it is merged",
  }),
  line: z.number().int().nullable().meta({ description: "Where it stands in waivers.yaml" }),
});

export type Waived = z.output<typeof waived>;
export type WaiverRow = z.output<typeof waiver>;

/**
 * What becomes of a waiver, in words.
 *
 * @example waiverState({ state: "expired", only: null, until: "2026-01-31" }) // => "expired on 2026-01-31, has no effect"
 * @example waiverState({ state: "elsewhere", only: "#12", until: "2026-01-31" }) // => "is for #12 alone, has no effect here"
 */
export function waiverState({ state, only, until }: Pick<WaiverRow, "state" | "only" | "until">): string {
  switch (state) {
    case "holds":
      return "holds: the gate is waived";
    case "not needed":
      return "not needed: the gate stops nothing";
    case "expired":
      return `expired on ${until}, has no effect`;
    case "too far":
      return "reaches further ahead than the contract allows, has no effect";
    case "elsewhere":
      return `is for ${only} alone, has no effect here`;
    case "no gate":
      return "names no gate of this contract";
    case "proposed":
      return "this change adds it: it holds once a code owner has agreed and it is merged";
  }
}

/**
 * What stands behind a waived gate.
 *
 * @example waivedText({ by: "@anna", because: "a new sensor", until: "2026-12-31", instead_of: "fail" }) // => "waived by @anna until 2026-12-31: a new sensor"
 */
export const waivedText = ({ by, because, until }: Waived): string =>
  `waived by ${by} until ${until}: ${because}`;

/**
 * How many waivers there are, and what the most of them mean.
 *
 * @example waiversSaid([{ state: "holds" }, { state: "expired" }, { state: "proposed" }]) // => "1 holds · 1 expired · 1 added by this change"
 */
export function waiversSaid(waivers: readonly Pick<WaiverRow, "state">[]): string {
  const words: readonly (readonly [string, readonly WaiverRow["state"][]])[] = [
    ["holds", ["holds"]],
    ["expired", ["expired"]],
    ["added by this change", ["proposed"]],
    ["without effect here", ["not needed", "too far", "elsewhere", "no gate"]],
  ];
  return words
    .map(([word, states]) => [waivers.filter(({ state }) => states.includes(state)).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(" · ");
}
