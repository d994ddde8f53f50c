import { markdownCode, markdownText } from "../report/escape.ts";
import { left, table } from "../report/markdown/blocks.ts";
import { formatBytes } from "../text/bytes.ts";

/** A source that is another now. */
export interface ChangedSource {
  /** From the repository's top. */
  readonly path: string;
  readonly bytes: number | undefined;
  readonly md5: string;
  readonly before: string | undefined;
}

/**
 * The branch on which a model's newest rows are proposed. It cannot lie below `trainyard/`, since Git keeps no
 * branch below another, and the ledger is one.
 *
 * @example retrainBranch("wages") // => "trainyard-retrain-wages"
 */
export const retrainBranch = (model: string): string => `trainyard-retrain-${model}`;

/**
 * @example retrainTitle("wages") // => "Retrain wages on the newest rows"
 */
export const retrainTitle = (model: string): string => `Retrain ${model} on the newest rows`;

/** What the pull request says: what is new, which issue it closes, and what happens next. */
export function retrainBody(
  model: string,
  changed: readonly ChangedSource[],
  {
    issue,
    asked,
    starts,
  }: { readonly issue: number | undefined; readonly asked: string; readonly starts: boolean },
): string {
  return `${[
    `<!-- trainyard:retrain ${model} -->`,
    `The newest rows for ${markdownCode(model)}, by \`retrain.refresh\` of its contract; ${markdownText(asked, 200)}.`,
    table(
      [left("File"), left("md5 before"), left("md5 now"), left("Size")],
      changed
        .slice(0, 50)
        .map(({ path, before, md5, bytes }) => [
          markdownCode(path, 120),
          before === undefined ? "new" : markdownCode(before.slice(0, 12)),
          markdownCode(md5.slice(0, 12)),
          bytes === undefined ? "" : formatBytes(bytes),
        ]),
    ),
    ...(issue === undefined ? [] : [`Closes #${issue}`]),
    starts
      ? "A model is being trained on them and judged like any other change: the verdict stands in the comment below."
      : "The run that opened this trains a model on them and has it judged, since what a workflow's own token opens starts no workflows: the verdict stands in the comment below. Other required checks begin when somebody closes and reopens this, or pushes to the branch.",
  ].join("\n\n")}\n`;
}
