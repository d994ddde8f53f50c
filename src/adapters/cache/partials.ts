import { digitsOf, isLegacy, type ObjectName } from "../../core/artifacts/digest.ts";
import { leftIn } from "../files/left.ts";

/** Parts of large objects, for whoever fetches them next. */
export interface Partials {
  /** What an ended process left of an object, now ours; nobody else has it. */
  claim(name: ObjectName): { readonly path: string; readonly size: number } | undefined;
  /** A new path of ours for an object. */
  begin(name: ObjectName): string;
}

export function partials(folder: string, machine?: string): Partials {
  const left = leftIn(folder, machine);
  return {
    claim: (name) => left.claim(labelOf(name)),
    begin: (name) => left.begin(labelOf(name)),
  };
}

/** A name without a dot or colon. */
function labelOf(name: ObjectName): string {
  return `${isLegacy(name) ? "legacy-" : ""}${digitsOf(name).replace(".", "-")}`;
}
