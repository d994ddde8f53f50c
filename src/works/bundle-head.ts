import type { Contract } from "../config/contract.ts";
import type { Bundle } from "../core/models/bundle.ts";

/** How the description of a model begins: whose it is, and what it answers. */
export function bundleHead(
  { model, task, data }: Pick<Contract, "model" | "task" | "data">,
  classes: readonly string[],
): Pick<Bundle, "schema" | "model" | "task" | "label" | "classes"> {
  return { schema: "trainyard/model/1", model, task, label: data.roles.label, classes: [...classes] };
}

/** No threshold, until one is chosen by what the model answers. */
export const UNDECIDED: Pick<Bundle, "threshold" | "decided"> = { threshold: null, decided: null };
