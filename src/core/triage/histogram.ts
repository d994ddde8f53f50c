import { plain } from "../report/escape.ts";
import { formatShare } from "../report/numbers.ts";
import type { MeasuredBin, MeasuredColumn } from "./measurement.ts";

/** More bins than these are not told apart; those that moved least are added up. */
const BINS = 12;
const WIDTH = 24;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

/**
 * One column's distribution then and now, as text for a code block: nothing in it can end the block or
 * our part of the issue.
 *
 * @param showValues whether ranges and categories are named: they are values of the data
 */
export function histogram({ name, kind, bins }: MeasuredColumn, showValues: boolean): string {
  const shown = shorten(bins, kind);
  const labels = shown.map(({ label }, index) => {
    if (label === undefined) return "all others";
    if (showValues) return harmless(label, 24);
    return kind === "number" ? `range ${index + 1}` : `category ${index + 1}`;
  });
  const width = Math.max(...labels.map((label) => [...label].length), 8);
  const most = Math.max(...shown.flatMap(({ reference, seen }) => [reference, seen]), 0);
  const line = (label: string, side: string, share: number): string =>
    `  ${label.padEnd(width)}  ${side.padEnd(8)}  ${bar(share / (most || 1)).padEnd(WIDTH)}  ${formatShare(share)}`;
  return [
    harmless(name, 80),
    ...shown.flatMap(({ reference, seen }, index) => [
      line(labels[index] ?? "", "training", reference),
      line("", "now", seen),
    ]),
  ].join("\n");
}

interface Shown {
  readonly label: string | undefined;
  readonly reference: number;
  readonly seen: number;
}

/** Ranges keep their order; of many categories, those that moved most come first. */
function shorten(bins: readonly MeasuredBin[], kind: MeasuredColumn["kind"]): readonly Shown[] {
  if (bins.length <= BINS) return bins;
  const moved = (bin: MeasuredBin): number => Math.abs(bin.seen - bin.reference);
  const kept = new Set([...bins].sort((a, b) => moved(b) - moved(a)).slice(0, BINS - 1));
  const rest = bins.filter((bin) => !kept.has(bin));
  const sum = (of: "reference" | "seen"): number => rest.reduce((total, bin) => total + bin[of], 0);
  const first = kind === "number" ? bins.filter((bin) => kept.has(bin)) : [...kept];
  return [...first, { label: undefined, reference: sum("reference"), seen: sum("seen") }];
}

function bar(share: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * WIDTH * 8);
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}

const harmless = (text: string, limit: number): string =>
  plain(text, limit).replace(/[`<>~]/g, "·") || "(empty)";
