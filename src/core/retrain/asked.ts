import * as z from "zod";
import { dueAt, type Scheduled } from "../schedule/cron.ts";
import { markedModel } from "../triage/body.ts";

/** The label by which somebody asks on an issue of ours. */
export const RETRAIN_LABEL = "retrain";

/** Who asks for a retrained model, as an event tells it. */
export type Asked =
  | { readonly by: "schedule"; readonly models: readonly string[] }
  | { readonly by: "dispatch"; readonly model: string | undefined }
  | {
      readonly by: "label" | "comment";
      /** Who did it; whether they may is to be asked of the forge. */
      readonly login: string;
      readonly issue: number;
      readonly author: string;
      /** The model of the issue's marker, which counts where its author is ourselves. */
      readonly marked: string | undefined;
      /** The model that the comment names. */
      readonly named: string | undefined;
      readonly comment: number | undefined;
    }
  | { readonly by: "nobody"; readonly why: string };

const user = z.object({ login: z.string(), type: z.string() });
const issue = z.object({
  number: z.number().int(),
  body: z.string().nullish(),
  user: user.nullish(),
  pull_request: z.object({}).optional(),
});
const scheduled = z.object({ schedule: z.string() });
const dispatched = z.object({ inputs: z.record(z.string(), z.unknown()).nullish() });
const labelled = z.object({
  action: z.literal("labeled"),
  label: z.object({ name: z.string() }),
  issue,
  sender: user,
});
const commented = z.object({
  action: z.literal("created"),
  comment: z.object({ id: z.number().int(), body: z.string(), user }),
  issue,
});

/**
 * Reads from an event who asks for a retrained model, and of which.
 *
 * @param models those that are retrained on a schedule, for an event of one
 *
 * @example whoAsks({ name: "push", payload: {} }, []).why // => 'a "push" event asks for nothing'
 * @example whoAsks({ name: "workflow_dispatch", payload: { inputs: { model: "wages" } } }, []) // => { by: "dispatch", model: "wages" }
 */
export function whoAsks(
  event: { readonly name: string; readonly payload: unknown } | undefined,
  models: readonly Scheduled[],
): Asked {
  switch (event?.name) {
    case "schedule": {
      const { data } = scheduled.safeParse(event.payload);
      if (models.length === 0) return nobody("no contract has a model retrained on a schedule");
      return { by: "schedule", models: dueAt(data?.schedule ?? "", models, "retrain").models };
    }
    case "workflow_dispatch": {
      const { data } = dispatched.safeParse(event.payload);
      const model = data?.inputs?.model;
      return { by: "dispatch", model: typeof model === "string" && model !== "" ? model : undefined };
    }
    case "issues": {
      const { data } = labelled.safeParse(event.payload);
      if (data?.label.name !== RETRAIN_LABEL || data.issue.pull_request !== undefined)
        return nobody(`no issue was given the label "${RETRAIN_LABEL}"`);
      return {
        ...onIssue(data.issue),
        by: "label",
        login: data.sender.login,
        named: undefined,
        comment: undefined,
      };
    }
    case "issue_comment": {
      const { data } = commented.safeParse(event.payload);
      const words = data === undefined ? [] : wordsOf(data.comment.body);
      if (data === undefined || words[0] !== "/trainyard" || words[1] !== "retrain" || words.length > 3)
        return nobody("no comment says `/trainyard retrain`");
      if (data.comment.user.type === "Bot" || data.issue.pull_request !== undefined)
        return nobody("`/trainyard retrain` is heard on issues, from persons");
      return {
        ...onIssue(data.issue),
        by: "comment",
        login: data.comment.user.login,
        named: words[2],
        comment: data.comment.id,
      };
    }
    default:
      return nobody(`a "${event?.name ?? "missing"}" event asks for nothing`);
  }
}

const nobody = (why: string): Asked => ({ by: "nobody", why });

const onIssue = ({ number, body, user: author }: z.output<typeof issue>) => ({
  issue: number,
  author: author?.login ?? "ghost",
  marked: markedModel(body ?? "")?.model,
});

function wordsOf(body: string): readonly string[] {
  const [line = ""] = body.slice(0, 1000).split(/\r\n|\r|\n/, 1);
  return line.trim().split(/\s+/);
}
