import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { LocalGithub } from "./contract.ts";

/** Somebody with an account: pushes with Git, clicks by the API. */
export interface Person {
  readonly login: string;
  readonly token: string;
  clone(repository: string): Promise<Checkout>;
  /** A request to the API in this person's name; throws where it is refused. */
  api(method: string, path: string, body?: unknown): Promise<Answer>;
  openPull(repository: string, pull: NewPull): Promise<number>;
  comment(repository: string, issue: number, body: string): Promise<void>;
}

type Answer = Record<string, unknown> & { readonly number?: number };

interface NewPull {
  readonly title: string;
  readonly head: string;
  readonly base?: string;
  readonly body?: string;
  readonly draft?: boolean;
}

/** A person's own clone. */
export interface Checkout {
  readonly folder: string;
  git(...args: readonly string[]): Promise<string>;
  read(path: string): string;
  write(path: string, text: string): Promise<void>;
  /** Changes a file the way a person would; a change that finds nothing to change is a mistake. */
  edit(path: string, from: string, to: string): void;
  /** Commits everything on a new branch and pushes it. @returns the commit */
  propose(branch: string, message: string): Promise<string>;
  /** Commits everything on the branch that is checked out and pushes it. */
  push(message: string): Promise<string>;
}

const run = promisify(execFile);

/**
 * Makes the account, and the person behind it.
 *
 * @param room where their clones are put
 */
export async function person(github: LocalGithub, login: string, room = tmpdir()): Promise<Person> {
  const token = await github.user(login);
  const api: Person["api"] = async (method, path, body) => {
    const response = await fetch(`${github.apiUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/vnd.github+json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${login}: ${method} ${path} answered ${response.status}: ${text}`);
    return (text === "" ? {} : JSON.parse(text)) as Answer;
  };
  return {
    login,
    token,
    api,
    clone: async (repository) => {
      const folder = mkdtempSync(join(room, `${login}-`));
      const checkout = checkoutIn(folder, login);
      const url = `${github.url.replace("://", `://${login}:${token}@`)}/${repository}.git`;
      await checkout.git("clone", "--quiet", url, ".");
      return checkout;
    },
    async openPull(repository, { title, head, base = "main", body = "", draft = false }) {
      const made = await api("POST", `/repos/${repository}/pulls`, { title, head, base, body, draft });
      return Number(made.number);
    },
    async comment(repository, issue, body) {
      await api("POST", `/repos/${repository}/issues/${issue}/comments`, { body });
    },
  };
}

/** A folder with Git in it, in somebody's name and with nobody's settings. */
export function checkoutIn(folder: string, login: string): Checkout {
  const environment = {
    ...process.env,
    GIT_AUTHOR_NAME: login,
    GIT_AUTHOR_EMAIL: `${login}@example.com`,
    GIT_COMMITTER_NAME: login,
    GIT_COMMITTER_EMAIL: `${login}@example.com`,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
  };
  const git: Checkout["git"] = async (...args) => {
    const { stdout } = await run("git", args, { cwd: folder, env: environment, maxBuffer: 1e8 });
    return stdout.trim();
  };
  const commit = async (message: string): Promise<string> => {
    await git("add", "--all");
    await git("commit", "--quiet", "--allow-empty", "--message", message);
    await git("push", "--quiet", "--force", "--set-upstream", "origin", "HEAD");
    return await git("rev-parse", "HEAD");
  };
  const checkout: Checkout = {
    folder,
    git,
    read: (path) => readFileSync(join(folder, path), "utf8"),
    async write(path, text) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    edit(path, from, to) {
      const text = checkout.read(path);
      if (!text.includes(from)) throw new Error(`${path} does not hold ${JSON.stringify(from)}`);
      writeFileSync(join(folder, path), text.replace(from, to));
    },
    async propose(branch, message) {
      await git("switch", "--quiet", "--create", branch);
      return await commit(message);
    },
    push: commit,
  };
  return checkout;
}
