import type { Input } from "../../src/stages/inputs.ts";
import type { ActionLook, Stage } from "../../src/stages/stage.ts";

/** A stage of which an action is made. */
export type ActionStage = Stage & { readonly action: ActionLook };

/** How an input is written, where that is not plain. */
const HOW: Readonly<Partial<Record<Input["kind"], string>>> = {
  list: "; one a line",
  flag: "; true or false",
};

/** What an input is for, and how it is written where that is not plain. */
export function description(input: Input): string {
  const how = HOW[input.kind] ?? "";
  const choices = input.kind === "choice" ? `; one of: ${input.choices.join(", ")}` : "";
  return `${spoken(input.about)}${how}${choices}`;
}

/** What an input is where nothing is said, as the runner hands it over. */
export function initial(input: Input): string | undefined {
  if (input.kind === "flag") return "false";
  return "default" in input && input.default !== undefined ? String(input.default) : undefined;
}

/** The command line's `--dry-run` is the input `dry-run`. */
export const spoken = (text: string): string => text.replace(/--([a-z][a-z-]*)/g, "`$1`");
