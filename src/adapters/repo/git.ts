import { execFile } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../../errors.ts";
import type { Repo } from "../../ports/repo.ts";
import { blobsIn, list, readBlobs } from "./blobs.ts";
import { GitFailure } from "./git-failure.ts";
import { commitsIn, LOG } from "./log.ts";
import { TAGS, tagsIn } from "./tags.ts";

const run = promisify(execFile);

/** Settings that would have Git start programs of the repository's choosing. */
const HARMLESS = [
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.pager=cat",
  "diff.external=",
  "safe.bareRepository=explicit", // files of a commit can make up a folder that Git takes for a repository
];
/** Where Git's own configuration is; every other GIT_… variable would turn it to another repository. */
const KEPT = /^GIT_(CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|CEILING_DIRECTORIES)$/;
/** The largest file that `show` reads: pointers, contracts and locks are a thousand times smaller. */
const LARGEST = 256 * 2 ** 20;

/** So many commits of a file's history are looked at; nobody goes back further. */
const NEWEST = 200;

/** Where the default branch may be, the likeliest first. */
const BASES = [
  "refs/remotes/origin/HEAD",
  "refs/remotes/origin/main",
  "refs/remotes/origin/master",
  "refs/heads/main",
  "refs/heads/master",
];

type Git = (...args: readonly string[]) => Promise<Buffer | undefined>;

/**
 * The Git repository that holds a folder; undefined where there is none, or no Git.
 *
 * @throws {UserError} where Git cannot work in it, as in a folder of another owner's, or is not installed
 */
export async function gitRepo(folder: string): Promise<Repo | undefined> {
  const top = await topOf(folder);
  if (top === undefined) return undefined;
  const root = realpathSync(line(top));
  const git = gitIn(root);
  const sure = surelyIn(root);

  const commits = new Set<string>(); // ids that Git has named: each question costs a process
  const known = (id: string): string => {
    commits.add(id);
    return id;
  };

  const commit = async (revision: string): Promise<string | undefined> => {
    if (commits.has(revision)) return revision;
    if (revision.startsWith("-") || /[\0\n]/.test(revision)) return undefined;
    const found = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`);
    return found === undefined ? undefined : known(line(found));
  };

  /** The default branch and its newest commit. */
  const base = async (): Promise<{ readonly name: string; readonly id: string } | undefined> => {
    const found = await git("for-each-ref", "--format=%(refname) %(objectname) %(symref)", ...BASES);
    const refs = new Map(
      line(found ?? Buffer.alloc(0))
        .split("\n")
        .map((text) => text.split(" "))
        .map(([ref = "", id = "", target = ""]) => [ref, { name: short(target || ref), id }]),
    );
    const [first] = BASES.flatMap((ref) => refs.get(ref) ?? []);
    return first;
  };

  let latest: { readonly commit: string; readonly blobs: ReadonlyMap<string, string> } | undefined;
  /** The regular files of a revision and their blobs; those of the last one that was asked for are kept. */
  const tree = async (revision: string): Promise<ReadonlyMap<string, string>> => {
    const id = await repo.resolve(revision);
    if (latest?.commit !== id) {
      latest = { commit: id, blobs: blobsIn(await sure("ls-tree", "-r", "-z", "--full-tree", id)) };
    }
    return latest.blobs;
  };

  const repo: Repo = {
    root,

    head: () => commit("HEAD"),

    async user() {
      const name = await git("config", "--get", "user.name");
      const email = await git("config", "--get", "user.email");
      const told = [name && line(name), email && `<${line(email)}>`].filter((part) => part !== undefined);
      return told.length === 0 ? undefined : told.join(" ");
    },

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

    async revisions(of) {
      if (of === "commits")
        return line(await sure("rev-list", "--all"))
          .split("\n")
          .filter(Boolean);
      const format = "--format=%(objecttype) %(objectname) %(*objecttype) %(*objectname)";
      const found = await sure("for-each-ref", format, of === "branches" ? "refs/heads" : "refs/tags");
      const commits = line(found)
        .split("\n")
        .flatMap((row) => /commit ([0-9a-f]+)/.exec(row)?.[1] ?? []);
      return [...new Set(commits)];
    },

    async readAll(revision, paths) {
      const all = await tree(revision);
      const wanted = paths.flatMap((path) => (all.has(path) ? [[path, all.get(path) ?? ""] as const] : []));
      return wanted.length === 0
        ? new Map()
        : readBlobs((ids) => surelyIn(root, ids)("cat-file", "--batch"), wanted, "all");
    },

    async files(revision) {
      return [...(await tree(revision)).keys()].sort();
    },

    async tracked(globs = [], also) {
      const untracked = also === "untracked" ? ["--others", "--exclude-standard"] : [];
      const paths = globs.map((glob) => `:(top,glob)${glob}`);
      const found = await sure("ls-files", "-z", "--cached", ...untracked, "--", ...paths);
      return [...new Set(list(found))].sort();
    },

    async history(path) {
      const found = await git(
        "log",
        "--first-parent",
        "--format=%H",
        `-${NEWEST}`,
        "--",
        `:(top,literal)${path}`,
      );
      return line(found ?? Buffer.alloc(0))
        .split("\n")
        .filter((id) => id !== "")
        .map(known);
    },

    async commits(revision, globs) {
      const paths = globs.map((glob) => `:(top,glob)${glob}`);
      return commitsIn(await git("log", ...LOG, await repo.resolve(revision), "--", ...paths));
    },

    async blobs(ids) {
      const wanted = ids.filter((id) => /^[0-9a-f]+$/.test(id)).map((id) => [id, id] as const);
      if (wanted.length === 0) return new Map();
      return readBlobs((asked) => surelyIn(root, asked)("cat-file", "--batch"), wanted);
    },

    async ignores(path) {
      return (await git("check-ignore", "--quiet", "--no-index", "--", path)) !== undefined;
    },

    async isDirty() {
      const status = await git("status", "--porcelain", "-z", "--untracked-files=no", "--ignore-submodules");
      return status !== undefined && status.length > 0;
    },

    async defaultBranch() {
      return (await base())?.name;
    },

    async mergeBase(revision = "HEAD") {
      const from = await base();
      if (from === undefined) return undefined;
      const to = revision === "HEAD" ? revision : await repo.resolve(revision);
      const found = await git("merge-base", from.id, to);
      return found === undefined ? undefined : known(line(found));
    },

    tags: async () => tagsIn(await sure("for-each-ref", `--format=${TAGS}`, "refs/tags")),

    async changed(from, to) {
      const ends = [await repo.resolve(from), ...(to === undefined ? [] : [await repo.resolve(to)])];
      return list(
        await git("diff", "--name-only", "-z", "--no-ext-diff", "--no-renames", ...ends, "--"),
      ).sort();
    },
  };
  return repo;
}

/** The top of the working tree around a folder; a repository that Git cannot read is not none. */
async function topOf(folder: string): Promise<Buffer | undefined> {
  const found = await answerOf(folder, ["rev-parse", "--show-toplevel"]);
  if (typeof found !== "string") return found;
  const none = found === "" || /not a git repository \(or any|must be run in a work tree/.test(found);
  if (!none) throw unreadable(folder, "rev-parse", found);
  for (let at = folder; found === "" && at !== dirname(at); at = dirname(at)) {
    if (existsSync(join(at, ".git"))) throw new UserError(`"${at}" needs Git, which is not installed`);
  }
  return undefined;
}

/** Runs Git in a folder, with something to read; the answer is undefined where Git says no. */
function gitIn(folder: string): Git {
  return async (...args) => {
    const found = await answerOf(folder, args);
    return typeof found === "string" ? undefined : found;
  };
}

/** As `gitIn`, for what Git has no reason to say no to: nothing found and nothing read are not the same. */
function surelyIn(folder: string, input?: string): (...args: readonly string[]) => Promise<Buffer> {
  return async (...args) => {
    const found = await answerOf(folder, args, input);
    if (typeof found !== "string") return found;
    throw unreadable(folder, args[0] ?? "", found);
  };
}

function unreadable(folder: string, command: string, said: string): UserError {
  return new UserError(`Git cannot read "${folder}": ${new GitFailure(command, said).said}`);
}

/** What Git answers, or else what it says; nothing where it is not installed. */
async function answerOf(folder: string, args: readonly string[], input?: string): Promise<Buffer | string> {
  const settings = HARMLESS.flatMap((setting) => ["-c", setting]);
  try {
    const options = { cwd: folder, env: environment(), encoding: "buffer", maxBuffer: LARGEST } as const;
    const running = run("git", [...settings, ...args], options);
    running.child.stdin?.on("error", () => {}); // it has ended, and says why by its code
    running.child.stdin?.end(input);
    return (await running).stdout;
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: Buffer };
    const said = stderr?.toString("utf8") ?? "";
    if (said.includes("dubious ownership")) {
      throw new UserError(
        `Git does not trust "${folder}", which belongs to another user; run \`git config --global --add safe.directory ${folder}\``,
      );
    }
    if (code === "ENOENT") return "";
    if (typeof code === "number") return said || `it ended with ${code}`;
    throw error;
  }
}

function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_") || KEPT.test(name));
  return { ...Object.fromEntries(kept), GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
}

/** `origin/main` of `refs/remotes/origin/main`. */
function short(ref: string): string {
  return ref.replace(/^refs\/[^/]+\//, "");
}

function line(bytes: Buffer): string {
  return bytes.toString("utf8").replace(/\r?\n$/, "");
}
