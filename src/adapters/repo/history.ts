import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { History, Ref, Undecided } from "../../ports/history.ts";
import { GitFailure } from "./git-failure.ts";
import { runGit } from "./run-git.ts";

/** So many refs are asked for in one request. */
const AT_ONCE = 200;

/** The history of the Git repository in a folder. */
export function gitHistory(folder: string): History {
  const lines = async (args: readonly string[], input?: string): Promise<readonly string[]> =>
    (await runGit(folder, args, input)).toString("utf8").split("\n").filter(Boolean);

  const history: History = {
    async refs() {
      const named = await lines(["for-each-ref", "--format=%(objectname) %(*objectname) %(refname)"]);
      const heads = await lines(["worktree", "list", "--porcelain"]);
      return [
        ...heads.flatMap((line) => {
          const commit = /^HEAD ([0-9a-f]{40,64})$/.exec(line)?.[1];
          return commit === undefined || /^0+$/.test(commit) ? [] : [{ name: "HEAD", commit }];
        }),
        ...named.map((line) => {
          const [id = "", peeled = "", ...name] = line.split(" ");
          return { name: name.join(" "), commit: peeled || id };
        }),
        ...(await stashed()),
      ];
    },

    async serverRefs() {
      const refs: Ref[] = [];
      const silent: { remote: string; reason: string }[] = [];
      for (const remote of await lines(["remote"])) {
        try {
          refs.push(...refsOf(remote, await lines(["ls-remote", "--quiet", "--", remote])));
        } catch (error) {
          if (!(error instanceof GitFailure)) throw error;
          silent.push({ remote, reason: error.said });
        }
      }
      return { refs, silent };
    },

    async missing(commits) {
      if (commits.length === 0) return new Set();
      const wanted = [...new Set(commits)];
      const found = await lines(["cat-file", "--batch-check=%(objectname) %(objecttype)"], wanted.join("\n"));
      return new Set(found.flatMap((line) => /^([0-9a-f]+) missing$/.exec(line)?.[1] ?? []));
    },

    async bring(refs) {
      for (const remote of new Set(refs.flatMap((ref) => ref.remote ?? []))) {
        const names = refs.filter((ref) => ref.remote === remote).map(({ name }) => name);
        for (let at = 0; at < names.length; at += AT_ONCE) await fetch(remote, names.slice(at, at + AT_ONCE));
      }
      const missing = await history.missing(refs.map(({ commit }) => commit));
      return refs.filter(({ commit }) => missing.has(commit));
    },

    async isShallow() {
      return (await lines(["rev-parse", "--is-shallow-repository"]))[0] !== "false";
    },

    async commits({ from, first, since, globs }) {
      if (from.length === 0) return [];
      const options = [
        ...(first === undefined ? [] : ["--first-parent", `--max-count=${first}`]),
        ...(since === undefined ? [] : [`--since=${since}T00:00:00`]),
        ...(globs === undefined ? [] : ["--full-history"]),
      ];
      const paths = (globs ?? []).map((glob) => `:(top,glob)${glob}`);
      return lines(["rev-list", "--ignore-missing", ...options, ...from, "--", ...paths]);
    },

    async undecided() {
      const listed = (await runGit(folder, ["ls-files", "--unmerged", "--full-name", "-z"])).toString("utf8");
      const found = new Map<string, Undecided>();
      for (const entry of listed.split("\0")) {
        const [, id = "", stage = "", path = ""] = /^100\d{3} ([0-9a-f]+) ([123])\t(.+)$/s.exec(entry) ?? [];
        const side = ["", "base", "ours", "theirs"][Number(stage)];
        if (id === "" || side === undefined) continue;
        const text = (await runGit(folder, ["cat-file", "blob", id])).toString("utf8");
        found.set(path, { ...(found.get(path) ?? { path }), [side]: text });
      }
      return [...found.values()];
    },

    async decide(path) {
      await runGit(folder, ["add", "--", `:(top,literal)${path}`]);
    },

    async marked(texts) {
      const drafts = mkdtempSync(join(tmpdir(), "trainyard-merge-"));
      try {
        for (const [name, text] of Object.entries(texts)) writeFileSync(join(drafts, name), text);
        const labels = ["-L", "ours", "-L", "base", "-L", "theirs"];
        // Its exit code is the number of collisions, so it says "no" although all is well.
        await runGit(drafts, ["merge-file", "--quiet", ...labels, "ours", "base", "theirs"]).catch(
          (error) => {
            if (!(error instanceof GitFailure)) throw error;
          },
        );
        return readFileSync(join(drafts, "ours"), "utf8");
      } finally {
        rmSync(drafts, { recursive: true, force: true });
      }
    },

    async configure(key, value) {
      await runGit(folder, ["config", "--local", key, value]);
    },
  };

  /** Every stash: its files, those of its index, and those that were untracked. A ref names the last one alone. */
  async function stashed(): Promise<Ref[]> {
    const rows = await lines(["reflog", "show", "--format=%H %P", "refs/stash", "--"]).catch((error) => {
      if (error instanceof GitFailure) return []; // there is none
      throw error;
    });
    return rows.flatMap((row, index) => {
      const [own = "", , ...more] = row.split(" ");
      return [own, ...more].map((commit) => ({ name: `refs/stash@{${index}}`, commit }));
    });
  }

  /** One by one where they do not come together: a server may refuse one of them. */
  async function fetch(remote: string, names: readonly string[]): Promise<void> {
    const how = ["--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=", "--no-recurse-submodules"];
    try {
      await runGit(folder, ["fetch", ...how, "--", remote, ...names]);
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error;
      if (names.length > 1) for (const name of names) await fetch(remote, [name]);
    }
  }

  return history;
}

/** Of an annotated tag, `ls-remote` says the tag and, with `^{}`, its commit. */
function refsOf(remote: string, lines: readonly string[]): Ref[] {
  const commits = new Map<string, string>();
  for (const line of lines) {
    const [, commit, name] = /^([0-9a-f]{40,64})\t(HEAD|refs\/[^\0]+?)(?:\^\{\})?$/.exec(line) ?? [];
    if (commit !== undefined && name !== undefined) commits.set(name, commit); // the peeled one comes later
  }
  return [...commits].map(([name, commit]) => ({ name, commit, remote }));
}
