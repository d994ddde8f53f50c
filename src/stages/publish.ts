import { resolve } from "node:path";
import { EXIT, UserError } from "../errors.ts";
import type { ForgeAccess } from "../ports/forge.ts";
import type { Ports } from "../ports/ports.ts";
import { publishJudgement, publishVerification } from "../works/publish/judged.ts";
import type { Published, Scene } from "../works/publish/scene.ts";
import { publishMoved, publishPending, skipped } from "../works/publish/unjudged.ts";
import { accessOf } from "./access.ts";
import { choice, number, required, text } from "./inputs.ts";
import { defineStage, type Result } from "./stage.ts";

/** `$/actions/publish`: the one job that may write tells a pull request its verdict. */
export default defineStage({
  name: "publish",
  summary: "Publish a verdict: bytes, record, check, status, comment, and the commit of pointer and lock.",
  inputs: {
    judgement: required("The folder that the judge handed over", { placeholder: "path" }),
    todo: choice("What the resolver found", ["judge", "verify", "pending", "moved", "nothing"], "judge"),
    reason: text("Why there is nothing to judge yet"),
    scored: text("How the job that scores ended", { default: "success" }),
    pull: number("The pull request's number; none in a merge queue"),
    head: required("The commit that was judged", { placeholder: "commit" }),
    runId: number("The workflow run that trained"),
    token: text("Writes, in the workflow's name", { placeholder: "token" }),
    appId: text("The team's own GitHub App, in whose name is written instead", { placeholder: "id" }),
    appPrivateKey: text("Its private key", { placeholder: "key" }),
  },
  outputs: {
    verdict:
      "pass, warn, waived, inconclusive or fail; nothing, pending, stopped or skipped where there is none",
    comment: "The comment's address; empty where there is none",
    commit: "The commit with pointer and lock; empty where none was made",
  },
  action: {
    icon: "message-square",
    color: "green",
    permissions: [
      "actions: read # the page that the job before left",
      "checks: write # the check with its annotations",
      "contents: write # the ledger, and pointer and lock on the branch",
      "pull-requests: write # the comment",
      "statuses: write # the status that a branch can require",
    ],
  },
  command: false,

  async run(inputs, ports): Promise<Result<"verdict" | "comment" | "commit">> {
    const access = accessOf(inputs);
    if (!/^[0-9a-f]{40}$/.test(inputs.head)) {
      throw new UserError(`head is "${inputs.head}"; it takes a whole commit id`, { exit: EXIT.usage });
    }
    const scene = await sceneOf(inputs, access, ports);
    return resultOf(await publish(scene, inputs.todo, inputs.pull));
  },
});

async function publish(scene: Scene, todo: string, pull: number | undefined): Promise<Published> {
  if (todo === "nothing") return skipped("there is nothing to do");
  if (todo === "verify") return publishVerification(scene);
  if (pull === undefined || !Number.isSafeInteger(pull) || pull <= 0) {
    throw new UserError(`pull is "${pull ?? ""}"; it takes a pull request's number`, { exit: EXIT.usage });
  }
  if (todo === "pending") return publishPending(scene, pull);
  if (todo === "moved") return publishMoved(scene, pull);
  return publishJudgement(scene, pull);
}

interface Given {
  readonly judgement: string;
  readonly reason: string | undefined;
  readonly scored: string | undefined;
  readonly head: string;
  readonly runId: number | undefined;
  readonly token: string | undefined;
  readonly appId: string | undefined;
  readonly appPrivateKey: string | undefined;
}

async function sceneOf(given: Given, access: ForgeAccess, ports: Ports): Promise<Scene> {
  return {
    forge: await ports.forge(access),
    ledger: () => ports.ledger(access),
    workspace: await ports.workspace(ports.folder),
    folder: ports.folder,
    now: ports.now,
    judgement: resolve(ports.folder, given.judgement),
    scored: given.scored ?? "success",
    reason: given.reason ?? "It is not to be trained yet",
    head: given.head,
    run: ports.host.run,
    trainingRun: given.runId,
  };
}

function resultOf(published: Published): Result<"verdict" | "comment" | "commit"> {
  const { outcome, comment, commit, markdown, refused } = published;
  return {
    ...(refused.length > 0 ? { exit: EXIT.failed } : {}),
    outputs: { verdict: outcome, comment: comment ?? "", commit: commit ?? "" },
    text: [
      `published: ${outcome}`,
      ...(comment === undefined ? [] : [`comment ${comment}`]),
      ...(commit === undefined ? [] : [`commit  ${commit}`]),
      ...refused.map((reason) => `refused ${reason}`),
    ].join("\n"),
    markdown,
    json: published,
  };
}
