import {
  type BaseRepository,
  headOf,
  type Resolution,
  resolveAgain,
  resolveCommand,
  resolveOwn,
  resolveRun,
} from "../core/proposal/resolve.ts";
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
    appId: text("The team's own GitHub App, whose commits with pointer and lock are judged already", {
      placeholder: "id",
    }),
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
      "checks: read # whether the App has judged its own commit",
      "contents: read # the base branch's newest commit",
      "pull-requests: read # which pull request has that head",
      "statuses: read # as for checks",
    ],
  },
  command: false,

  async run({ token, runId, workflow, pull, head, appId }, ports): Promise<Result<Output>> {
    if (runId === undefined || !Number.isSafeInteger(runId) || runId <= 0) {
      throw new UserError(`run-id is "${runId ?? ""}"; it takes the number of a workflow run`, {
        exit: EXIT.usage,
      });
    }
    const forge = await ports.forge({ token });
    const info = await forge.repositoryInfo();
    const { id, defaultBranch } = info;
    const repository = { id, name: `${info.owner}/${info.name}`, defaultBranch };
    const named = namedBy(pull, head, runId, ports.host.run?.id);
    const found =
      named === undefined
        ? await ofRun(forge, runId, workflow, repository)
        : resolveCommand(await forge.pulls.get(named.pull), named.head, repository);
    const looked =
      named === undefined
        ? await own(forge, await twice(forge, found, repository.name), appId)
        : await twice(forge, found, repository.name);
    return answer(looked, runId, await commitsOf(forge, looked, defaultBranch));
  },
});

/**
 * What a command named; undefined where a finished run is looked at.
 *
 * @throws {UserError} where the run is not this very one: only command.yml, which asked who may write,
 *   has trained and judges in one run
 */
function namedBy(
  pull: number | undefined,
  head: string | undefined,
  runId: number,
  own: number | undefined,
): { readonly pull: number; readonly head: string } | undefined {
  if ((pull === undefined || pull === 0) && head === undefined) return undefined;
  if (pull === undefined || !Number.isSafeInteger(pull) || pull <= 0) {
    throw new UserError(`pull is "${pull ?? ""}"; it takes a pull request's number`, { exit: EXIT.usage });
  }
  if (head === undefined || !/^[0-9a-f]{40}$/.test(head)) {
    throw new UserError(`head is "${plain(head ?? "", 100)}"; it takes a whole commit id`, {
      exit: EXIT.usage,
    });
  }
  if (runId !== own) {
    throw new UserError(
      `run-id is "${runId}"; a named commit was trained by this run, ${own ?? "which has no number"}`,
      {
        exit: EXIT.usage,
      },
    );
  }
  return { pull, head };
}

async function ofRun(
  forge: Forge,
  runId: number,
  workflow: string,
  repository: BaseRepository,
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

/** Looks at the head that came in place of the run's, on a branch where a verdict can have made it. */
async function twice(forge: Forge, found: Resolution, repository: string): Promise<Resolution> {
  if (found.todo !== "moved" || found.pull.head.repository !== repository) return found;
  return resolveAgain(found, await forge.commitInfo(found.pull.head.sha));
}

/** Looks whether the head is what our own App made and judged: nothing new is there, however often it runs. */
async function own(forge: Forge, found: Resolution, appId: string | undefined): Promise<Resolution> {
  const app = Number(appId);
  if (found.todo !== "judge" || !Number.isSafeInteger(app) || app <= 0) return found;
  try {
    return resolveOwn(found, app, await forge.commitInfo(found.head), await forge.checks.of(found.head));
  } catch (error) {
    if (error instanceof UserError) return found; // what may not be read is judged
    throw error;
  }
}

interface Commits {
  readonly base: string;
  readonly mergeBase: string;
}

/** The base branch's newest commit and, of what is scored, where the change left it. */
async function commitsOf(forge: Forge, { todo, ...found }: Resolution, branch: string): Promise<Commits> {
  if (todo === "nothing") return { base: "", mergeBase: "" };
  const base = await forge.branch(branch);
  if (base === undefined) throw new UserError(`the default branch "${plain(branch, 200)}" is gone`);
  // A head that was moved away may be gone by now.
  const scored = (todo === "judge" || todo === "verify") && "head" in found;
  return { base, mergeBase: scored ? await forge.pulls.mergeBase(base, found.head) : "" };
}

function answer(found: Resolution, runId: number, { base, mergeBase }: Commits): Result<Output> {
  const pull = "pull" in found ? String(found.pull.number) : "";
  const head = "head" in found ? found.head : "";
  const { todo, reason } = found;
  const outputs = { todo, reason, pull, head, base, mergeBase, runId: String(runId) };
  const of = pull === "" ? head : `#${pull} at ${head}`;
  return { outputs, text: [todo, of, reason].filter((word) => word !== "").join(": "), json: outputs };
}
