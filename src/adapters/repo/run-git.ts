import { spawnGit } from "./spawn-git.ts";

/** Settings that would have Git start programs of a repository's choosing, or do more than it was asked for. */
const HARMLESS: Readonly<Record<string, string>> = {
  "core.hooksPath": "/dev/null",
  "core.fsmonitor": "false",
  "core.pager": "cat",
  "diff.external": "",
  "fetch.recurseSubmodules": "no",
  "submodule.recurse": "false",
  "fetch.prune": "false",
  "gc.auto": "0",
  "maintenance.auto": "false",
  // Files of a commit can make up a folder that Git takes for a repository.
  "safe.bareRepository": "explicit",
};
/** Where Git's own configuration is; every other GIT_… variable would turn it to another repository. */
const KEPT = /^GIT_(CONFIG_(GLOBAL|SYSTEM|NOSYSTEM)|SSH|SSH_COMMAND|SSL_CAINFO|CEILING_DIRECTORIES)$/;
/** What servers may be reached by; `ext::` would run any program. */
const PROTOCOLS = "file:git:http:https:ssh";

/**
 * Runs Git with the user's own credentials, and without hooks, filters, submodules and questions.
 *
 * @throws {GitFailure} with what Git said
 */
export function runGit(folder: string, args: readonly string[], input = ""): Promise<Buffer> {
  const settings = Object.entries(HARMLESS).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  return spawnGit(folder, [...settings, ...args], environment(), { input });
}

function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_") || KEPT.test(name));
  return {
    ...Object.fromEntries(kept),
    GIT_ALLOW_PROTOCOL: PROTOCOLS,
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
  };
}
