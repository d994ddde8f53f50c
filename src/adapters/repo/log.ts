import type { FileChange, FileCommit } from "../../core/lineage/commit.ts";

/** What `git log` is asked for, so that `commitsIn` can read the answer. */
export const LOG = [
  "--format=%x01%H%x00%an%x00%aI%x00%s",
  "-z",
  "--raw",
  "--no-abbrev",
  "--no-renames",
  "--no-ext-diff",
  "--no-show-signature",
  "--encoding=UTF-8",
  "--diff-merges=combined",
] as const;

/** The commits that `git log` names with `LOG`, in its order. */
export function commitsIn(answer: Buffer | undefined): readonly FileCommit[] {
  const parts = (answer?.toString("utf8") ?? "").split("\0");
  const commits: (FileCommit & { readonly files: FileChange[] })[] = [];
  for (let at = 0; at < parts.length; ) {
    const part = (parts[at] ?? "").replace(/^\n/, "");
    if (part.startsWith("\u0001")) {
      const [author = "", when = "", subject = ""] = parts.slice(at + 1, at + 4);
      commits.push({ id: part.slice(1), author, at: when, subject, files: [] });
      at += 4;
      continue;
    }
    // of a merge there are as many modes and blobs as it has parents, and one of each of its own
    const ids = /^:+(?:\d{6} )+((?:[0-9a-f]{40,64} )+)[A-Z]/.exec(part)?.[1]?.trim().split(" ");
    if (ids === undefined) {
      at++;
      continue;
    }
    const [before = "", after = ""] = [ids[0], ids.at(-1)];
    commits.at(-1)?.files.push({ path: parts[at + 1] ?? "", before: blob(before), after: blob(after) });
    at += 2;
  }
  return commits;
}

/** Git names what is not there by zeros. */
const blob = (id: string): string | undefined => (/^0+$/.test(id) ? undefined : id);
