/** The ways in which rows are made worse, in the order of a report. */
export const PERTURBATIONS = [
  "noise",
  "missing",
  "shift",
  "scale",
  "swap",
  "typos",
  "case",
  "units",
  "out_of_range",
] as const;

export type PerturbationName = (typeof PERTURBATIONS)[number];

/** How strong each is where the contract does not say it, and what the number means. */
export const STRENGTHS: Readonly<
  Record<PerturbationName, { readonly usual: number; readonly of: "deviations" | "rows" | "times" }>
> = {
  noise: { usual: 0.1, of: "deviations" },
  missing: { usual: 0.1, of: "rows" },
  shift: { usual: 0.25, of: "deviations" },
  scale: { usual: 1.1, of: "times" },
  swap: { usual: 0.1, of: "rows" },
  typos: { usual: 0.1, of: "rows" },
  case: { usual: 1, of: "rows" },
  units: { usual: 0.1, of: "rows" },
  out_of_range: { usual: 0.1, of: "rows" },
};

/**
 * What a perturbation is called where a person reads it.
 *
 * @example perturbationTitle("out_of_range") // => "Out of range"
 */
export function perturbationTitle(name: PerturbationName): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
