import * as z from "zod";
import { formatCount } from "../numbers.ts";

/** How often the holdout was looked at: each model that was measured on it is one look. */
export const holdoutLooks = z
  .object({
    key: z.string().meta({ description: "Digest of the rules by which it is drawn" }),
    epoch: z
      .string()
      .nullable()
      .meta({ description: "The split's epoch; another one draws another holdout" }),
    looks: z.number().int().nullable().meta({
      description: "Models measured on it, this one among them; null where it could not be counted",
    }),
    budget: z.number().int().nullable().meta({ description: "As many as the contract wants at most" }),
    counted: z.enum(["in the ledger", "on this machine"]),
  })
  .meta({ title: "Looks at the holdout" });

export type HoldoutLooks = z.output<typeof holdoutLooks>;

/**
 * How often, as one sentence without a full stop.
 *
 * @example looksText({ key: "", epoch: "2026-q4", looks: 12, budget: 50, counted: "in the ledger" }) // => "12 models were measured on it since it was drawn (epoch 2026-q4, budget 50)"
 * @example looksText({ key: "", epoch: null, looks: 1, budget: null, counted: "on this machine" }) // => "1 model was measured on it here since it was drawn"
 * @example looksText({ key: "", epoch: null, looks: null, budget: null, counted: "in the ledger" }) // => "how many models were measured on it could not be counted"
 */
export function looksText({ epoch, looks, budget, counted }: HoldoutLooks): string {
  if (looks === null) return "how many models were measured on it could not be counted";
  const models = looks === 1 ? "1 model was" : `${formatCount(looks)} models were`;
  const here = counted === "on this machine" ? " here" : "";
  const facts = [
    ...(epoch === null ? [] : [`epoch ${epoch}`]),
    ...(budget === null ? [] : [`budget ${formatCount(budget)}`]),
  ];
  return `${models} measured on it${here} since it was drawn${facts.length === 0 ? "" : ` (${facts.join(", ")})`}`;
}

/** What to take care of where the budget is used up; undefined where it is not. */
export function looksWarning(
  found: HoldoutLooks,
): { readonly title: string; readonly text: string } | undefined {
  const { looks, budget } = found;
  if (looks === null || budget === null || looks <= budget) return undefined;
  return {
    title: "The holdout has been looked at more often than the contract wants",
    text: `${looksText(found)}: the best of so many looks better than it is. Another split.epoch draws a new holdout`,
  };
}
