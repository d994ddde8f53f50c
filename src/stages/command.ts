import * as z from "zod";
import { COMMANDS, MAY_ASK, parseCommand } from "../core/proposal/command.ts";
import { markdownCode } from "../core/report/escape.ts";
import { UserError } from "../errors.ts";
import type { Forge, Reaction } from "../ports/forge.ts";
import { required } from "./inputs.ts";
import { defineStage, type Result } from "./stage.ts";

type Output = "todo" | "pull" | "head" | "base";

/** What we read of the event: who wrote what on which pull request. */
const event = z.object({
  action: z.string(),
  comment: z.object({
    id: z.number().int(),
    body: z.string(),
    user: z.object({ login: z.string(), type: z.string() }),
  }),
  issue: z.object({ number: z.number().int(), pull_request: z.object({}).optional() }),
});

const MARKER = "<!-- trainyard:command -->";

/** `$/actions/command`: reads a comment, and lets those who may write have a commit trained. */
export default defineStage({
  name: "command",
  summary: "Read a command in a comment: who may write here may have a commit of a pull request trained.",
  inputs: { token: required("Reads who may write, and answers", { placeholder: "token" }) },
  outputs: {
    todo: "train or nothing",
    pull: "The pull request's number",
    head: "The commit that was named, which is its head",
    base: "The base branch's newest commit",
  },
  action: {
    icon: "terminal",
    color: "gray-dark",
    permissions: [
      "contents: read # who may write here, and the base branch's newest commit",
      "pull-requests: write # the answer",
    ],
  },
  command: false,

  async run({ token }, ports): Promise<Result<Output>> {
    const { comment, issue, action } = read(ports.host.event);
    const command = parseCommand(comment.body);
    if (action !== "created" || issue.pull_request === undefined)
      return nothing("no new comment on a pull request");
    if (command === undefined || comment.user.type === "Bot") return nothing("no command of a person's");

    const forge = await ports.forge({ token });
    // By the API: what a comment says of its author's association is older than the author's rights.
    const permission = await forge.permission(comment.user.login);
    if (!MAY_ASK.has(permission)) {
      await forge.comments.react(comment.id, "-1"); // strangers are not answered in words: one could have us write for ever
      return nothing("who wrote it may not write to this repository");
    }
    if (command.verb === "help") {
      await answer(forge, issue.number, comment.id, "eyes", `There is ${COMMANDS}.`);
      return nothing("who wrote it was told what there is");
    }
    if (command.verb === "unknown")
      return refuse(forge, issue.number, comment.id, `${command.problem}: ${COMMANDS}`);
    const pull = await forge.pulls.get(issue.number);
    if (pull === undefined || pull.state !== "open") {
      return refuse(forge, issue.number, comment.id, "this pull request is closed");
    }
    if (pull.head.sha !== command.commit) {
      const problem = `the head is \`${pull.head.sha}\` and not the commit that was named; look at it, then write \`/trainyard train ${pull.head.sha}\``;
      return refuse(forge, issue.number, comment.id, problem);
    }
    const { id, defaultBranch } = await forge.repositoryInfo();
    if (pull.base.repositoryId !== id || pull.base.ref !== defaultBranch) {
      const into = `it goes into ${markdownCode(pull.base.ref, 100)}`;
      const problem = `${into}, and only what goes into ${markdownCode(defaultBranch, 100)} is judged`;
      return refuse(forge, issue.number, comment.id, problem);
    }
    const base = await forge.branch(defaultBranch);
    if (base === undefined) return refuse(forge, issue.number, comment.id, "the base branch is gone");
    await forge.comments.react(comment.id, "rocket");
    if ((await forge.comments.find(issue.number, MARKER)) !== undefined) {
      // What was refused before is not the last word.
      const body = `${MARKER}\n\`${pull.head.sha}\` is being trained.`;
      await forge.comments.upsert(issue.number, MARKER, body);
    }
    const outputs = { todo: "train", pull: String(pull.number), head: pull.head.sha, base };
    return { outputs, text: `trains ${pull.head.sha} of #${pull.number}`, json: outputs };
  },
});

function read(
  happened: { readonly name: string; readonly payload: unknown } | undefined,
): z.output<typeof event> {
  const parsed = event.safeParse(happened?.payload);
  if (happened?.name === "issue_comment" && parsed.success) return parsed.data;
  throw new UserError(
    `a command is read from an "issue_comment" event, and this is "${happened?.name ?? "none"}"`,
  );
}

/** Says why not. */
async function refuse(
  forge: Forge,
  issue: number,
  comment: number,
  problem: string,
): Promise<Result<Output>> {
  await answer(forge, issue, comment, "confused", `Nothing was trained: ${problem}.`);
  return nothing(problem);
}

/** Answers in one comment that is written over the next time. */
async function answer(
  forge: Forge,
  issue: number,
  comment: number,
  reaction: Reaction,
  words: string,
): Promise<void> {
  await forge.comments.react(comment, reaction);
  await forge.comments.upsert(issue, MARKER, `${MARKER}\n${words}`);
}

function nothing(reason: string): Result<Output> {
  return {
    outputs: { todo: "nothing", pull: "", head: "", base: "" },
    text: reason,
    json: { todo: "nothing", reason },
  };
}
