import { execFile } from "node:child_process";
import { realpathSync } from "node:fs";
import { promisify } from "node:util";
import { UserError } from "../../errors.ts";
import type { Repo } from "../../ports/repo.ts";

const run = promisify(execFile);

/** Settings that would have Git start programs of the repository's choosing. */
const HARMLESS = ["core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat", "diff.external="];
/** Where Git's own configuration is; every other GIT_… variable would turn it to another repository. */
const KEPT = /^GIT_(CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|CEILING_DIRECTORIES)$/;
/** The largest file that `show` reads: pointers, contracts and locks are a thousand times smaller. */
const LARGEST = 256 * 2 ** 20;

type Git = (...args: readonly string[]) => Promise<Buffer | undefined>;

/**
 * The Git repository that holds a folder; undefined where there is none, or no Git.
 *
 * @throws {UserError} where Git refuses to work in it, as in a folder of another owner's
 */
export async function gitRepo(folder: string): Promise<Repo | undefined> {
  const top = await gitIn(folder)("rev-parse", "--show-toplevel");
  if (top === undefined) return undefined;
  const root = realpathSync(line(top));
  const git = gitIn(root);

  const commit = async (revision: string): Promise<string | undefined> => {
    if (revision.startsWith("-") || /[\0\n]/.test(revision)) return undefined;
    const found = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`);
    return found === undefined ? undefined : line(found);
  };

  const repo: Repo = {
    root,

    head: () => commit("HEAD"),

    async branch() {
      const name = await git("symbolic-ref", "--quiet", "--short", "HEAD");
      return name === undefined ? undefined : line(name);
    },

    async resolve(revision) {
      const found = await commit(revision);
      if (found !== undefined) return found;
      throw new UserError(
        `no commit "${revision}"; give a branch, a tag or a commit id that \`git log\` knows`,
      );
    },

    async show(revision, path) {
      return git("cat-file", "blob", `${await repo.resolve(revision)}:${path}`);
    },

    async tracked(globs = [], also) {
      const untracked = also === "untracked" ? ["--others", "--exclude-standard"] : [];
      const paths = globs.map((glob) => `:(top,glob)${glob}`);
      const found = await git("ls-files", "-z", "--cached", ...untracked, "--", ...paths);
      return [...new Set(list(found))].sort();
    },

    async ignores(path) {
      return (await git("check-ignore", "--quiet", "--no-index", "--", path)) !== undefined;
    },

    async isDirty() {
      const status = await git("status", "--porcelain", "-z", "--untracked-files=no", "--ignore-submodules");
      return status !== undefined && status.length > 0;
    },

    async defaultBranch() {
      const remote = await git("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD");
      const candidates = [
        ...(remote === undefined ? [] : [line(remote)]),
        ...["origin/main", "origin/master", "main", "master"],
      ];
      for (const name of candidates) if ((await commit(name)) !== undefined) return name;
      return undefined;
    },

    async mergeBase(revision = "HEAD") {
      const base = await repo.defaultBranch();
      if (base === undefined) return undefined;
      const found = await git("merge-base", await repo.resolve(base), await repo.resolve(revision));
      return found === undefined ? undefined : line(found);
    },

    async changed(from, to) {
      const ends = [await repo.resolve(from), ...(to === undefined ? [] : [await repo.resolve(to)])];
      return list(
        await git("diff", "--name-only", "-z", "--no-ext-diff", "--no-renames", ...ends, "--"),
      ).sort();
    },
  };
  return repo;
}

/** Runs Git in a folder; the answer is undefined where Git says no. */
function gitIn(folder: string): Git {
  const settings = HARMLESS.flatMap((setting) => ["-c", setting]);
  return async (...args) => {
    try {
      const { stdout } = await run("git", [...settings, ...args], {
        cwd: folder,
        env: environment(),
        encoding: "buffer",
        maxBuffer: LARGEST,
      });
      return stdout;
    } catch (error) {
      const { code, stderr } = error as { code?: unknown; stderr?: Buffer };
      const said = stderr?.toString("utf8") ?? "";
      if (said.includes("dubious ownership")) {
        throw new UserError(
          `Git does not trust "${folder}", which belongs to another user; run \`git config --global --add safe.directory ${folder}\``,
        );
      }
      if (typeof code === "number" || code === "ENOENT") return undefined; // said no, or is not installed
      throw error;
    }
  };
}

function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_") || KEPT.test(name));
  return { ...Object.fromEntries(kept), GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
}

function line(bytes: Buffer): string {
  return bytes.toString("utf8").replace(/\r?\n$/, "");
}

function list(bytes: Buffer | undefined): string[] {
  return (bytes?.toString("utf8") ?? "").split("\0").filter((path) => path !== "");
}
