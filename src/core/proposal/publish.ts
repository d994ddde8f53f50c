import { unreachable } from "../../errors.ts";
import { joinPath, unsafePath } from "../artifacts/path.ts";
import { wordOf } from "../report/outcome.ts";
import type { JudgedModel, Judgement } from "./documents.ts";

/** The check's name: what a branch can require of us. */
export const CHECK_NAME = "Trainyard";
/** The status's: a branch can require this, too. */
export const STATUS_CONTEXT = "trainyard";

/** What becomes of pointer and lock on the branch of the pull request. */
export type CommitBack =
  | { readonly state: "coming" }
  | { readonly state: "committed"; readonly sha: string }
  /** The branch holds all of it already, byte for byte. */
  | { readonly state: "stands" }
  /** There is nothing to write. */
  | { readonly state: "none" }
  /** Nothing is written: a model fails, or could not be judged. */
  | { readonly state: "fails" }
  /** Nothing can be written to a fork's branch. */
  | { readonly state: "fork"; readonly paths: readonly string[] }
  /** Checks that the base requires would not run on a commit of this speaker's. */
  | { readonly state: "left without checks"; readonly checks: readonly string[] }
  /** The base branch names no remote, so that the bytes are kept nowhere, and no pointer may name them. */
  | { readonly state: "kept nowhere" }
  /** It was tried, and refused. */
  | { readonly state: "refused"; readonly reason: string }
  /** The head is another than the one that was judged. */
  | { readonly state: "moved"; readonly head: string };

/** A file on its way to the branch. */
export interface BranchFile {
  readonly path: string;
  readonly text: string;
}

/** What decides whether there is a commit; the forge is asked for it before. */
export interface Branch {
  readonly fork: boolean;
  /** Whether commits of the speaker start workflows. */
  readonly triggersWorkflows: boolean;
  /** Names of checks and statuses that the base branch requires. */
  readonly required: readonly string[];
}

/**
 * What is to be written to the branch, or why nothing is. A judgement of which any model fails is not
 * written at all: branch and verdict are one.
 *
 * Whether the branch holds the files already is for the caller to find out.
 */
export function planCommit(
  judgement: Pick<Judgement, "models" | "verdict">,
  branch: Branch,
): { readonly files: readonly BranchFile[] } | { readonly back: CommitBack } {
  const files = judgement.models.flatMap((model) => filesOf(model));
  if (judgement.verdict === "fail" || judgement.models.some(({ state }) => state === "failed")) {
    return { back: { state: "fails" } };
  }
  if (files.length === 0) return { back: { state: "none" } };
  if (branch.fork) return { back: { state: "fork", paths: files.map(({ path }) => path) } };
  const others = branch.required.filter((name) => name !== CHECK_NAME && name !== STATUS_CONTEXT);
  if (!branch.triggersWorkflows && others.length > 0) {
    return { back: { state: "left without checks", checks: others } };
  }
  return { files };
}

/**
 * A model's files for the branch.
 *
 * @throws {Error} at a path that is none of a model's own: our own judge wrote the list, so that is a bug or an attack
 */
export function filesOf(model: Pick<JudgedModel, "model" | "folder" | "files">): readonly BranchFile[] {
  for (const { path } of model.files) {
    if (!isAllowed(model, path)) throw new Error(`"${path}" is no file that a verdict writes to a branch`);
  }
  return model.files;
}

/**
 * Whether a verdict may write a path to the branch: the lock beside the contract, the model's pointer
 * with its `.gitignore`, and the state of an environment that serves it.
 *
 * @example isAllowed({ model: "wages", folder: "." }, "trainyard.lock") // => true
 * @example isAllowed({ model: "wages", folder: "pay" }, "pay/models/wages.dvc") // => true
 * @example isAllowed({ model: "wages", folder: "." }, "deployments/staging/wages.yaml") // => true
 * @example isAllowed({ model: "wages", folder: "." }, ".github/workflows/trainyard.yml") // => false
 * @example isAllowed({ model: "wages", folder: "../.." }, "../../trainyard.lock") // => false
 */
export function isAllowed({ model, folder }: Pick<JudgedModel, "model" | "folder">, path: string): boolean {
  if (unsafePath(path) !== undefined || path !== joinPath(path)) return false;
  const own = ["trainyard.lock", `models/${model}.dvc`, "models/.gitignore"];
  if (own.some((name) => path === joinPath(folder, name))) return true;
  const [first, environment = "", file, ...more] = path.split("/");
  return (
    first === "deployments" &&
    /^[a-z0-9][a-z0-9-]*$/.test(environment) &&
    file === `${model}.yaml` &&
    more.length === 0
  );
}

/**
 * The message of the commit with pointer and lock. It says nothing of when and by which run, so that
 * the same judgement makes the same commit.
 */
export function commitMessage({ models, verdict, commit, base }: Judgement): string {
  const written = models.filter(({ files }) => files.length > 0);
  const names = written.map(({ model }) => model);
  const named =
    names.length <= 3 ? names.join(", ") : `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
  return [
    `Lock ${named}: ${wordOf(verdict)}`,
    "",
    ...written.flatMap(({ model, digest }) =>
      digest === null ? [] : [`Trainyard-Model: ${model} sha256:${digest.sha256}`],
    ),
    judgedLine(commit),
    `Trainyard-Rules: ${base}`,
    `Trainyard-Verdict: ${verdict}`,
    "",
  ].join("\n");
}

/**
 * The line of that message which names the judged commit.
 *
 * @example judgedLine("0123456789abcdef0123456789abcdef01234567") // => "Trainyard-Judged: 0123456789abcdef0123456789abcdef01234567"
 */
export const judgedLine = (commit: string): string => `Trainyard-Judged: ${commit}`;

/** Whether the branch holds, or is about to hold, what was judged. */
export function isOnBranch(back: CommitBack): boolean {
  switch (back.state) {
    case "coming":
    case "committed":
    case "stands":
    case "none":
      return true;
    case "fails":
    case "fork":
    case "left without checks":
    case "kept nowhere":
    case "refused":
    case "moved":
      return false;
    default:
      return unreachable(back);
  }
}
