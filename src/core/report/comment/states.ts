import { markdownText } from "../escape.ts";
import { counted } from "../numbers.ts";
import type { Comment } from "./facts.ts";
import { linked } from "./links.ts";

type Of<K extends Comment["kind"]> = Extract<Comment, { readonly kind: K }>;

/** Nothing is judged yet: why, and who can change that. */
export function pendingText({ head, reason }: Of<"pending">): string {
  return [
    `### ⏳ Pending · ${markdownText(reason, 400)}`,
    `Nothing of \`${head.slice(0, 7)}\` was trained or judged, so the status holds the merge.`,
    "Somebody with write access who has read the change has this very commit trained with the comment",
    `\`\`\`\n/trainyard train ${head}\n\`\`\``,
  ].join("\n\n");
}

/** It could not be judged or written down, for a reason that is not the model's: never a pass. */
export function stoppedText({ head, reason, run }: Of<"stopped">): string {
  const where = run === undefined ? "The run" : linked("The run", run);
  return [
    `### 🛑 Not judged · ${markdownText(reason, 600)}`,
    `There is no verdict on \`${head.slice(0, 7)}\`. ${where} says more; run it again once the cause is gone.`,
  ].join("\n\n");
}

/** No model changed. */
export function nothingText({ head, models }: Of<"nothing">): string {
  const said =
    models === 0 ? "There is no model here" : `${counted(models, "model")} looked at, none changed`;
  return `### ⚪ Nothing to judge · ${said}\n\nAt \`${head.slice(0, 7)}\` every model is the one of the base branch.`;
}
