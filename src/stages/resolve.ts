import { headOf, type Resolution, resolveCommand, resolveRun } from "../core/proposal/resolve.ts";
import { plain } from "../core/report/escape.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Forge } from "../ports/forge.ts";
import { number, required, text } from "./inputs.ts";
import { defineStage, type Result } from "./stage.ts";

type Output = "todo" | "reason" | "pull" | "head" | "base" | "mergeBase" | "runId";

/** `$/actions/resolve`: which pull request a finished run speaks for, by what GitHub says of it. */
export default defineStage({
  name: "resolve",
  summary: "Find the pull request that a finished run speaks for, and what there is to do about it.",
  inputs: {
    token: required("Reads runs, pull requests and branches", { placeholder: "token" }),
    runId: number("The finished run"),
    workflow: required("The file whose runs are judged", { placeholder: "path" }),
    pull: number("The pull request that somebody named, and is looked at once more", { default: 0 }),
    head: text("Its commit, as it was named", { placeholder: "commit" }),
  },
  outputs: {
    todo: "judge, verify, pending, moved or nothing",
    reason: "Why, in one sentence",
    pull: "The pull request's number; empty where there is none",
    head: "The commit that the run was of",
    base: "The base branch's newest commit, whose rules decide",
    mergeBase: "The commit at which the change left its base",
    runId: "The run that trained",
  },
  action: {
    icon: "search",
    color: "gray-dark",
    permissions: [
      "actions: read # what GitHub says of the finished run",
      "contents: read # the base branch's newest commit",
      "pull-requests: read # which pull request has that head",
    ],
  },
  command: false,

  async run({ token, runId, workflow, pull, head }, ports): Promise<Result<Output>> {
    if (runId === undefined || !Number.isSafeInteger(runId) || runId <= 0) {
      throw new UserError(`run-id is "${runId ?? ""}"; it takes the number of a workflow run`, {
        exit: EXIT.usage,
      });
    }
    const forge = await ports.forge({ token });
    const info = await forge.repositoryInfo();
    const repository = { id: info.id, name: `${info.owner}/${info.name}` };
    const found =
      pull === undefined || pull === 0
        ? await ofRun(forge, runId, workflow, repository)
        : resolveCommand(await forge.pulls.get(pull), head ?? "", repository);
    return answer(found, runId, await commitsOf(forge, found, info.defaultBranch));
  },
});

async function ofRun(
  forge: Forge,
  runId: number,
  workflow: string,
  repository: { readonly id: number; readonly name: string },
): Promise<Resolution> {
  const run = await forge.runs.get(runId);
  if (run === undefined) return { todo: "nothing", reason: `there is no run ${runId}` };
  const head = headOf(run);
  const pulls = run.event !== "pull_request" || head === undefined ? [] : await forge.pulls.open(head);
  const trained = (await forge.runs.artifacts(runId)).some(
    ({ name, expired }) => name === "trainyard-trained" && !expired,
  );
  return resolveRun(run, workflow, repository, pulls, trained);
}

interface Commits {
  readonly base: string;
  readonly mergeBase: string;
}

/** The base branch's newest commit, and where the change left it. */
async function commitsOf(forge: Forge, found: Resolution, defaultBranch: string): Promise<Commits> {
  if (found.todo === "nothing") return { base: "", mergeBase: "" };
  const branch = found.todo === "verify" ? defaultBranch : found.pull.base.ref;
  const base = await forge.branch(branch);
  if (base === undefined) throw new UserError(`the base branch "${plain(branch, 200)}" is gone`);
  return { base, mergeBase: await forge.pulls.mergeBase(base, found.head) };
}

function answer(found: Resolution, runId: number, { base, mergeBase }: Commits): Result<Output> {
  const pull = "pull" in found ? String(found.pull.number) : "";
  const head = "head" in found ? found.head : "";
  const { todo, reason } = found;
  const outputs = { todo, reason, pull, head, base, mergeBase, runId: String(runId) };
  const of = pull === "" ? head : `#${pull} at ${head}`;
  return { outputs, text: [todo, of, reason].filter((word) => word !== "").join(": "), json: outputs };
}
