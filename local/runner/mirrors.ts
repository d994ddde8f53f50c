import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { git } from "./git.ts";

/** Bare copies of repositories, to read workflows, changes and messages from. */
export interface Mirrors {
  /** The bare copy that has a commit, brought if it is not there yet. */
  having(repository: string, sha: string): Promise<string>;
}

/** Opens the copies below a folder. @param token reads a repository */
export function openMirrors(
  url: string,
  folder: string,
  token: (repository: string) => { readonly token: string; revoke(): void },
): Mirrors {
  const last = new Map<string, Promise<string>>();

  async function bring(repository: string, sha: string): Promise<string> {
    const mirror = join(folder, `${repository}.git`);
    if (!last.has(repository)) {
      mkdirSync(mirror, { recursive: true });
      await git(mirror, ["init", "--quiet", "--bare"]);
    }
    if (await has(mirror, sha)) return mirror;
    const read = token(repository);
    const basic = Buffer.from(`x-access-token:${read.token}`).toString("base64");
    const env = {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "http.extraHeader",
      GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
    };
    const fetch = ["fetch", "--quiet", "--no-tags", "--no-auto-gc"];
    const from = `${url}/${repository}.git`;
    try {
      await git(mirror, [...fetch, "--prune", from, "+refs/*:refs/mirror/*"], env);
      if (!(await has(mirror, sha))) await git(mirror, [...fetch, from, sha], env);
    } finally {
      read.revoke();
    }
    return mirror;
  }

  return {
    having(repository, sha) {
      const before = last.get(repository);
      const now = before === undefined ? bring(repository, sha) : after(before, () => bring(repository, sha));
      last.set(repository, now);
      return now;
    },
  };
}

const after = <T>(before: Promise<unknown>, then: () => Promise<T>): Promise<T> => before.then(then, then);

const has = (mirror: string, sha: string): Promise<boolean> =>
  git(mirror, ["cat-file", "-e", `${sha}^{commit}`]).then(
    () => true,
    () => false,
  );
