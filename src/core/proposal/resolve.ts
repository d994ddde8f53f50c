import { plain } from "../report/escape.ts";
import { CHECK_NAME, judgedLine } from "./publish.ts";

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
  readonly defaultBranch: string;
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
 * A status belongs to a commit and not to a pull request: were a change judged by the rules of any
 * branch it is opened against, whoever may push could bring a branch with rules of their own, and take
 * the passing status over to the default branch. So the default branch's rules decide, alone.
 *
 * A run that failed, or ended before it began, is judged as well: the judge says what is missing.
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
  const path = fileOf(run.path);
  if (path !== workflow) return nothing(`the run is of another workflow, ${name(path)}, not of ${workflow}`);
  if (run.conclusion === undefined) return nothing("the run has not ended; it is judged when it has");
  if (run.conclusion === "cancelled") return nothing("the run was cancelled; a newer one is judged");
  if (run.event === "merge_group") return resolveQueue(run, repository);
  if (run.event !== "pull_request") {
    return nothing(`the run began with ${name(run.event)}, not with a pull request`);
  }
  if (run.headRepository === undefined) return nothing("the fork that the change came from is gone");

  const own = pulls.filter(
    ({ head, base }) =>
      base.repositoryId === repository.id &&
      head.repository === run.headRepository &&
      head.ref === run.headBranch,
  );
  const here = own.filter(({ base }) => base.ref === repository.defaultBranch);
  const exact = here.filter(({ head }) => head.sha === run.headSha);
  if (exact.length > 1) return several(exact);
  const [pull] = exact;
  if (pull === undefined) {
    if (here.length > 1) return several(here);
    const [moved] = here;
    const [elsewhere] = own;
    if (moved !== undefined) return movedFrom(run.headSha, moved);
    if (elsewhere !== undefined) return foreign(elsewhere, repository);
    return nothing(`no open pull request has the head ${run.headSha}`);
  }
  const stranger = strangeness(pull, repository);
  if (stranger !== undefined && !trained && IDLE.has(run.conclusion)) {
    const why = run.conclusion === "skipped" ? stranger : "its workflows wait for an approval";
    const reason = `${why}; whoever may write can have this commit trained`; // the comment says how
    return { todo: "pending", reason, pull, head: run.headSha };
  }
  const reason =
    run.conclusion === "success"
      ? "the run has ended"
      : `the run that trains ended with ${name(run.conclusion)}`;
  return { todo: "judge", reason, pull, head: run.headSha };
}

/** How a run ends of which no job did anything. */
const IDLE: ReadonlySet<string> = new Set(["skipped", "action_required"]);

/** A merge queue's run trains nothing; that it ended is enough. */
function resolveQueue(run: FinishedRun, repository: BaseRepository): Resolution {
  const queue = `gh-readonly-queue/${repository.defaultBranch}/`;
  if (run.headRepository !== repository.name) return nothing("the merge queue is not this repository's");
  if (run.headBranch?.startsWith(queue) !== true) {
    return nothing(`the merge queue is not that of ${name(repository.defaultBranch)}`);
  }
  return { todo: "verify", reason: "a merge queue looks up verdicts and trains nothing", head: run.headSha };
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
  if (pull.base.ref !== repository.defaultBranch) return foreign(pull, repository);
  if (pull.head.sha !== head) return movedFrom(head, pull);
  return { todo: "judge", reason: "somebody with write access asked for it", pull, head };
}

/** The newest commit of a branch. */
export interface HeadCommit {
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: string | undefined;
}

/**
 * Looks twice where the head has moved: by the commit with pointer and lock that a verdict makes, an
 * attempt to publish may have been cut short right after it. No workflow starts for what a workflow's
 * own token writes, so the judged commit is judged once more, and who publishes knows its own commit.
 *
 * Anybody can write a commit that reads like ours: it is a reason to look again, and for nothing else.
 *
 * @param commit the newest commit of the pull request's branch
 */
export function resolveAgain(found: Resolution, commit: HeadCommit | undefined): Resolution {
  if (found.todo !== "moved" || commit === undefined) return found;
  const { parents, message, author } = commit;
  const ours =
    author === "github-actions[bot]" &&
    parents.length === 1 &&
    parents[0] === found.head &&
    message.split("\n").includes(judgedLine(found.head));
  return ours
    ? { ...found, todo: "judge", reason: "its head is the commit that our own verdict made" }
    : found;
}

/**
 * Takes the commit with pointer and lock that a verdict of our App made for judged: the App has said its
 * verdict on that very commit, too, and nobody else can make a check of an App's.
 *
 * @param app the App's number; of a workflow's own token anybody's workflow has the checks
 * @param commit the head, with the checks that it has
 */
export function resolveOwn(
  found: Resolution,
  app: number | undefined,
  commit: HeadCommit | undefined,
  checks: readonly CheckResult[],
): Resolution {
  if (found.todo !== "judge" || app === undefined || commit === undefined) return found;
  const [parent, ...more] = commit.parents;
  const made =
    parent !== undefined && more.length === 0 && commit.message.split("\n").includes(judgedLine(parent));
  const said = checks.some(
    (check) =>
      check.app === app && check.name === CHECK_NAME && /^(success|neutral)$/.test(check.conclusion ?? ""),
  );
  return made && said ? nothing("our own verdict made this commit, and stands on it") : found;
}

/** What the forge says of one check. */
interface CheckResult {
  readonly name: string;
  readonly conclusion: string | undefined;
  readonly app: number | undefined;
}

/**
 * The workflow's file, without the ref that GitHub may write behind it. What could be a part of the
 * file's own name stays, so that such a file is not taken for another.
 *
 * @example fileOf(".github/workflows/trainyard.yml@refs/heads/main") // => ".github/workflows/trainyard.yml"
 * @example fileOf(".github/workflows/trainyard.yml@mine.yml") // => ".github/workflows/trainyard.yml@mine.yml"
 */
export function fileOf(path: string): string {
  return path.replace(/(\.ya?ml)@(?!.*\.ya?ml$).+$/, "$1");
}

/** Why a pull request is given no secrets; undefined where it is. */
function strangeness({ author, head }: OpenPull, repository: BaseRepository): string | undefined {
  if (head.repository !== repository.name) return "a fork's pull request is given no data";
  return author === "dependabot[bot]" ? "Dependabot's pull requests are given no data" : undefined;
}

const nothing = (reason: string): Resolution => ({ todo: "nothing", reason });

/** A name that somebody else chose, on one line and not for long. */
const name = (text: string): string => `"${plain(text, 100)}"`;

function movedFrom(head: string, pull: OpenPull): Resolution {
  const reason = `its head is ${pull.head.sha} by now, which is judged on its own`;
  return { todo: "moved", reason, pull, head };
}

function foreign({ number, base }: OpenPull, { defaultBranch }: BaseRepository): Resolution {
  return nothing(
    `#${number} goes into ${name(base.ref)}; what goes into ${name(defaultBranch)} is judged, alone`,
  );
}

function several(pulls: readonly OpenPull[]): Resolution {
  const numbers = pulls.map(({ number }) => `#${number}`).join(", ");
  return nothing(`${numbers} have the same head; close all of them but one`);
}
