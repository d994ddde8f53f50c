import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LedgerRecord } from "../../ports/ledger.ts";
import { GitFailure } from "../repo/git-failure.ts";
import type { RemoteGit } from "../repo/remote-git.ts";

/** The ledger's branch, and where a clone keeps what it knows of it. */
export const BRANCH = "refs/heads/trainyard";
const TIP = "refs/ledger/tip";
/** Whoever runs the job: a name that needs no configuration, and no account of its own. */
const AUTHOR = "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>";

/** Makes the clone: empty, bare, and of Git's own making not even a hook's sample. */
export function prepareClone(git: RemoteGit, clone: string): void {
  for (const folder of ["objects", "refs"]) mkdirSync(join(clone, folder));
  writeFileSync(join(clone, "HEAD"), `ref: ${BRANCH}\n`);
  writeFileSync(
    join(clone, "config"),
    `[core]\n\trepositoryFormatVersion = 0\n\tbare = true\n[remote "origin"]\n\turl = ${git.url}\n`,
  );
}

/** The branch's newest commit with its folders, but none of its records; undefined where there is no ledger. */
export async function fetchTip(git: RemoteGit, clone: string): Promise<string | undefined> {
  try {
    const how = ["--quiet", "--depth=1", "--no-tags", "--filter=blob:none", "--no-write-fetch-head"];
    await git.ask(clone, ["fetch", ...how, "--no-auto-maintenance", "origin", `+${BRANCH}:${TIP}`]);
  } catch (error) {
    if (error instanceof GitFailure && error.kind === "no-ref") return undefined;
    throw error;
  }
  return readFileSync(join(clone, TIP), "utf8").trim();
}

/** Paths below a folder with the names of their contents. */
export async function idsBelow(
  git: RemoteGit,
  clone: string,
  commit: string,
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const listing = await git.local(clone, ["ls-tree", "-r", "-z", "--full-tree", commit, "--", `${folder}/`]);
  return new Map(
    String(listing)
      .split("\0")
      .flatMap((line) => {
        const [, id, path] = /^100\d{3} blob ([0-9a-f]{40})\t(.+)$/s.exec(line) ?? [];
        return id === undefined || path === undefined ? [] : [[path, id] as const];
      }),
  );
}

/** A commit that only the clone has, and what stood at its records' paths before. */
export interface Draft {
  readonly commit: string;
  /** Names of contents by path. */
  readonly before: ReadonlyMap<string, string>;
}

/** Makes the commit that has records beside what its parent has, in one run of Git. */
export async function draftCommit(
  git: RemoteGit,
  clone: string,
  parent: string | undefined,
  records: readonly LedgerRecord[],
): Promise<Draft> {
  const [first] = records;
  const more = records.length > 1 ? ` and ${records.length - 1} more` : "";
  const stream = [
    "feature done",
    ...(parent === undefined ? [] : records.map(({ path }) => `ls ${parent} ${path}`)),
    `commit refs/ledger/draft-${randomUUID()}`,
    "mark :1",
    `committer ${AUTHOR} now`,
    sized(`Record ${first?.path}${more}\n`),
    ...(parent === undefined ? [] : [`from ${parent}`]),
    ...records.flatMap(({ path, text }) => [`M 100644 inline ${path}`, sized(text)]),
    "get-mark :1",
    "done",
    "",
  ].join("\n");
  const answer = String(await git.local(clone, ["fast-import", "--quiet", "--date-format=now"], stream));
  const lines = answer.trimEnd().split("\n");
  return {
    commit: lines.at(-1) ?? "",
    before: new Map(
      lines.flatMap((line) => {
        const [, id, path] = /^\d+ \w+ ([0-9a-f]{40})\t(.+)$/.exec(line) ?? [];
        return id === undefined || path === undefined ? [] : [[path, id] as const];
      }),
    ),
  };
}

function sized(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

/** Moves the branch on, if it still is where it was. @throws {GitFailure} */
export async function pushCommit(
  git: RemoteGit,
  clone: string,
  commit: string,
  before: string | undefined,
): Promise<void> {
  const lease = `--force-with-lease=${BRANCH}:${before ?? ""}`;
  await git.ask(clone, [
    "push",
    "--quiet",
    "--no-verify",
    "--no-thin",
    lease,
    "origin",
    `${commit}:${BRANCH}`,
  ]);
}

/** Brings contents that the clone does not have, all in one request. */
export async function fetchBlobs(git: RemoteGit, clone: string, ids: readonly string[]): Promise<void> {
  const how = ["--quiet", "--no-tags", "--no-write-fetch-head", "--filter=blob:none", "--stdin"];
  await git.ask(
    clone,
    ["-c", "fetch.negotiationAlgorithm=noop", "fetch", ...how, "origin"],
    ids.map((id) => `${id}\n`).join(""),
  );
}
