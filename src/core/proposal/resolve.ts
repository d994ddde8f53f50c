/*
 * Which pull request a finished run speaks for. Everything is taken from what the forge says of the run
 * and of its pull requests, and nothing from what the run left: a fork can leave any number it likes.
 */

/** What the forge says of a finished run. */
export interface FinishedRun {
  readonly event: string;
  readonly path: string;
  readonly headSha: string;
  readonly headBranch: string | undefined;
  readonly headRepository: string | undefined;
  readonly conclusion: string | undefined;
}

/** What the forge says of an open pull request. */
export interface OpenPull {
  readonly number: number;
  readonly author: string;
  readonly head: { readonly sha: string; readonly ref: string; readonly repository: string | undefined };
  readonly base: { readonly ref: string; readonly repositoryId: number };
}

/** The repository whose gates decide. */
export interface BaseRepository {
  readonly id: number;
  /** `owner/name` */
  readonly name: string;
}

/** What there is to do about a run. */
export type Resolution =
  | {
      readonly todo: "judge" | "pending" | "moved";
      readonly reason: string;
      readonly pull: OpenPull;
      readonly head: string;
    }
  | { readonly todo: "verify"; readonly reason: string; readonly head: string }
  | { readonly todo: "nothing"; readonly reason: string };

/** The question that is asked of the forge for a run: pull requests with this head; undefined where it has none. */
export function headOf({ headRepository, headBranch }: FinishedRun): string | undefined {
  const owner = headRepository?.split("/")[0];
  return owner === undefined || headBranch === undefined ? undefined : `${owner}:${headBranch}`;
}

/**
 * Decides which pull request a run of the pull request's side speaks for.
 *
 * @param workflow the file whose runs are judged: workflows are chained by a name that anybody can take
 * @param pulls open pull requests with the run's head branch
 * @param trained whether the run handed over a model
 */
export function resolveRun(
  run: FinishedRun,
  workflow: string,
  repository: BaseRepository,
  pulls: readonly OpenPull[],
  trained: boolean,
): Resolution {
  const path = run.path.replace(/@.*$/, "");
  if (path !== workflow) return nothing(`the run is of another workflow, ${path}, not of ${workflow}`);
  if (run.conclusion === "cancelled") return nothing("the run was cancelled; a newer one is judged");
  if (run.event === "merge_group") {
    if (run.headRepository !== repository.name) return nothing("the merge queue is not this repository's");
    return {
      todo: "verify",
      reason: "a merge queue looks up verdicts and trains nothing",
      head: run.headSha,
    };
  }
  if (run.event !== "pull_request")
    return nothing(`the run began with ${run.event}, not with a pull request`);
  if (run.headRepository === undefined) return nothing("the fork that the change came from is gone");

  const own = pulls.filter(
    ({ head, base }) =>
      base.repositoryId === repository.id &&
      head.repository === run.headRepository &&
      head.ref === run.headBranch,
  );
  const exact = own.filter(({ head }) => head.sha === run.headSha);
  if (exact.length > 1) return several(exact);
  const [pull] = exact;
  if (pull === undefined) {
    if (own.length > 1) return several(own);
    const [moved] = own;
    if (moved === undefined) return nothing(`no open pull request has the head ${run.headSha}`);
    const reason = `its head is ${moved.head.sha} by now, which is judged on its own`;
    return { todo: "moved", reason, pull: moved, head: run.headSha };
  }
  const stranger = strangeness(pull, repository);
  if (stranger !== undefined && !trained) {
    const asked = `somebody with write access may ask for this very commit: /trainyard train ${run.headSha}`;
    return { todo: "pending", reason: `${stranger}; ${asked}`, pull, head: run.headSha };
  }
  const reason = run.conclusion === "failure" ? "the training's run failed" : "the run has ended";
  return { todo: "judge", reason, pull, head: run.headSha };
}

/** The same where somebody with write access named pull request and commit: it is looked at once more. */
export function resolveCommand(
  pull: (OpenPull & { readonly state: "open" | "closed" }) | undefined,
  head: string,
  repository: BaseRepository,
): Resolution {
  if (pull === undefined) return nothing("there is no such pull request");
  if (pull.state !== "open") return nothing(`#${pull.number} is closed`);
  if (pull.base.repositoryId !== repository.id) return nothing(`#${pull.number} is of another repository`);
  if (pull.head.sha !== head) {
    return { todo: "moved", reason: `its head is ${pull.head.sha} by now`, pull, head };
  }
  return { todo: "judge", reason: "somebody with write access asked for it", pull, head };
}

/** Why a pull request is given no secrets; undefined where it is. */
function strangeness({ author, head }: OpenPull, repository: BaseRepository): string | undefined {
  if (head.repository !== repository.name) return "a fork's pull request is given no data";
  return author === "dependabot[bot]" ? "Dependabot's pull requests are given no data" : undefined;
}

const nothing = (reason: string): Resolution => ({ todo: "nothing", reason });

function several(pulls: readonly OpenPull[]): Resolution {
  const numbers = pulls.map(({ number }) => `#${number}`).join(", ");
  return nothing(`${numbers} have the same head; close all of them but one`);
}
