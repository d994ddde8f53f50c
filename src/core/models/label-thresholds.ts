import * as z from "zod";
import { DEFAULT_THRESHOLD } from "../measures/scored.ts";

/** The threshold of one of several labels, in a model's description and in a report. */
export const labelThreshold = z.object({
  label: z.string(),
  threshold: z.number().meta({ description: "Decided on from here up" }),
  by: z.enum(["said", "chosen", "default"]).meta({
    description:
      "Who decides: it was said, chosen on the validation rows, or nothing was said or could be chosen",
  }),
  value: z
    .number()
    .optional()
    .meta({ description: "Chosen: what the metric is there on the validation rows" }),
});

export type LabelThreshold = z.output<typeof labelThreshold>;

/**
 * The threshold of each label, in the labels' order, where some are said by name.
 *
 * @example saidThresholds({ rain: 0.3 }, ["wind", "rain"]) // => [{ label: "wind", threshold: 0.5, by: "default" }, { label: "rain", threshold: 0.3, by: "said" }]
 */
export function saidThresholds(
  said: Readonly<Record<string, number>>,
  labels: readonly string[],
): LabelThreshold[] {
  return labels.map((label) => {
    const threshold = Object.hasOwn(said, label) ? said[label] : undefined;
    return threshold === undefined
      ? { label, threshold: DEFAULT_THRESHOLD, by: "default" }
      : { label, threshold, by: "said" };
  });
}

/**
 * The labels that keep the usual threshold since none could be chosen; empty where thresholds were said.
 *
 * @example keptLabels([{ label: "rain", threshold: 0.3, by: "chosen", value: 0.8 }, { label: "snow", threshold: 0.5, by: "default" }]) // => ["snow"]
 * @example keptLabels([{ label: "rain", threshold: 0.3, by: "said" }, { label: "snow", threshold: 0.5, by: "default" }]) // => []
 */
export function keptLabels(thresholds: readonly LabelThreshold[]): string[] {
  if (thresholds.some(({ by }) => by === "said")) return [];
  return thresholds.filter(({ by }) => by === "default").map(({ label }) => label);
}

/** As a model's description has what decides. */
interface Deciding {
  readonly threshold: number | null;
  readonly thresholds?: readonly LabelThreshold[] | undefined;
}

/**
 * The thresholds of labels, for those who use the model and need not know how they were chosen.
 *
 * @example byLabel({ thresholds: [{ label: "rain", threshold: 0.3, by: "said" }] }) // => { thresholds: [{ label: "rain", threshold: 0.3 }] }
 * @example byLabel({}) // => {}
 */
export function byLabel({ thresholds }: Pick<Deciding, "thresholds">): {
  readonly thresholds?: { label: string; threshold: number }[];
} {
  if (thresholds === undefined) return {};
  return { thresholds: thresholds.map(({ label, threshold }) => ({ label, threshold })) };
}

/**
 * What decides, as the metrics take it.
 *
 * @example deciding({ threshold: 0.4 }) // => { threshold: 0.4 }
 * @example deciding({ threshold: null, thresholds: [{ label: "rain", threshold: 0.3, by: "said" }] }) // => { thresholds: [0.3] }
 * @example deciding({ threshold: null }) // => {}
 */
export function deciding({ threshold, thresholds }: Deciding): {
  readonly threshold?: number;
  readonly thresholds?: readonly number[];
} {
  if (thresholds !== undefined) return { thresholds: thresholds.map((one) => one.threshold) };
  return threshold === null ? {} : { threshold };
}
