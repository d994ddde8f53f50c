import { relative, sep } from "node:path";
import { type Lock, parseLock } from "../../core/artifacts/lock.ts";
import { LOCK_FILE } from "../../core/artifacts/lock-name.ts";
import { type NamedVersion, placesOf, versionChanges } from "../../core/lineage/changes.ts";
import type { FileChange, FileCommit } from "../../core/lineage/commit.ts";
import type { LogEntry } from "../../core/lineage/entry.ts";
import { causesBetween, ingredientsUpTo, isMeasured, metricsOf, stageOf } from "../../core/lineage/made.ts";
import { namedIn } from "../../core/lineage/named.ts";
import { outputsIn } from "../../core/lineage/outputs-in.ts";
import { UserError } from "../../errors.ts";
import type { Repo } from "../../ports/repo.ts";
import type { Workspace } from "../../ports/workspace.ts";

/** What became of versions, the newest change first. */
export interface VersionLog {
  readonly entries: readonly LogEntry[];
  /** Whether there are older ones. */
  readonly more: boolean;
  /** Files of the history that cannot be read, one sentence each. */
  readonly notes: readonly string[];
}

export interface LogOptions {
  /** From the workspace's root; everything where it is empty. */
  readonly path: string;
  readonly revision: string;
  /** So many entries at most. */
  readonly most: number;
}

/** So many commits are read at once: their locks fit into memory, and most questions need no second round. */
const ROUND = 250;
const MOST_NOTES = 5;

/** The commits that changed the version of a path, or of what is below it. Git is asked once, and once more for each round. */
export async function versionLog(workspace: Workspace, options: LogOptions): Promise<VersionLog> {
  const { repo, root } = workspace;
  if (repo === undefined) throw new UserError(`${root} is in no Git repository, so there is no history`);
  const prefix = relative(repo.root, root).split(sep).join("/");
  const inside = prefix === "" ? "" : `${prefix}/`;
  const commits = await repo.commits(
    options.revision,
    placesOf(options.path).map((glob) => `${inside.replace(/[*?[\]\\]/g, "\\$&")}${glob}`),
  );
  const reader = openReader(repo, inside);
  const entries: LogEntry[] = [];
  for (let at = 0; at < commits.length && entries.length <= options.most; at += ROUND) {
    const round = commits.slice(at, at + ROUND).map((commit) => ({
      ...commit,
      files: commit.files.map((file) => ({ ...file, path: file.path.slice(inside.length) })),
    }));
    await reader.fetch(round);
    for (const commit of round) {
      entries.push(...entriesOf(commit, reader, options.path));
      if (entries.length > options.most) break;
    }
  }
  const distinct = withoutRepeats(entries);
  return {
    entries: distinct.slice(0, options.most),
    more: entries.length > options.most,
    notes: reader.notes,
  };
}

interface Reader {
  fetch(commits: readonly FileCommit[]): Promise<void>;
  versions(file: string, blob: string): readonly NamedVersion[] | undefined;
  lock(file: string, blob: string | undefined): Lock;
  /** Whether a change of a lock leaves the path's version as it was, as far as a glance can tell. */
  same(change: FileChange, path: string): boolean;
  readonly notes: readonly string[];
}

/** Reads each blob once, and keeps those of the round. */
function openReader(repo: Repo, inside: string): Reader {
  let texts: ReadonlyMap<string, string> = new Map();
  let named = new Map<string, readonly NamedVersion[] | undefined>();
  let glanced = new Map<string, string | undefined>();
  const notes = new Set<string>();
  const readable = <T>(file: string, blob: string, read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (notes.size < MOST_NOTES)
        notes.add(`${inside}${file} was once unreadable (${blob.slice(0, 7)}): ${error.message}`);
      return otherwise;
    }
  };
  /** Of a lock that a commit left, the next one begins with the same. */
  const outputs = (blob: string, below: string): string | undefined => {
    const key = `${blob} ${below}`;
    if (!glanced.has(key)) glanced.set(key, outputsIn(texts.get(blob) ?? "", below));
    return glanced.get(key);
  };
  return {
    async fetch(commits) {
      const ids = commits.flatMap(({ files }) =>
        files.flatMap(({ before, after }) => [before ?? [], after ?? []].flat()),
      );
      texts = await repo.blobs([...new Set(ids)]);
      named = new Map();
      glanced = new Map();
    },
    versions(file, blob) {
      const key = `${blob} ${file}`;
      if (named.has(key)) return named.get(key);
      const found = readable<readonly NamedVersion[] | undefined>(
        file,
        blob,
        () => namedIn(file, texts.get(blob) ?? ""),
        undefined,
      );
      named.set(key, found);
      return found;
    },
    lock: (file, blob) =>
      blob === undefined
        ? new Map()
        : readable<Lock>(file, blob, () => parseLock(texts.get(blob), file), new Map()),
    same({ path: file, before, after }, path) {
      if (!file.endsWith(".lock") || before === undefined || after === undefined) return false;
      const folder = file.slice(0, file.lastIndexOf("/") + 1);
      const below = path.startsWith(folder) ? path.slice(folder.length) : "";
      const told = outputs(before, below);
      return told !== undefined && told === outputs(after, below);
    },
    get notes() {
      return [...notes];
    },
  };
}

function entriesOf(all: FileCommit, reader: Reader, asked: string): readonly LogEntry[] {
  const isPointed = all.files.some(({ path }) => path === `${asked}.dvc`); // then locks are read anyway
  const commit = isPointed ? all : { ...all, files: all.files.filter((file) => !reader.same(file, asked)) };
  if (commit.files.length === 0) return [];
  const wanted = (path: string): boolean => isAround(asked, path) && (!isWork(path) || isWork(asked)); // what stages hand on is asked for by name
  return versionChanges(commit, reader.versions, wanted).map((change) => ({
    commit: commit.id,
    author: commit.author,
    at: commit.at,
    subject: commit.subject,
    ...change,
    ...toldBy(all, reader, change),
  }));
}

const isAround = (asked: string, path: string): boolean =>
  asked === "" || path === asked || path.startsWith(`${asked}/`) || asked.startsWith(`${path}/`);

const isWork = (path: string): boolean => /(^|\/)\.trainyard(\/|$)/.test(path);

/** What the locks that this commit changed say of the version: what made it, and what was measured. */
function toldBy(
  { files }: FileCommit,
  reader: Reader,
  {
    path,
    before,
    after,
  }: {
    readonly path: string;
    readonly before: NamedVersion | undefined;
    readonly after: NamedVersion | undefined;
  },
): Pick<LogEntry, "stage" | "causes" | "inputs" | "metrics" | "metricsBefore"> {
  const told = { stage: undefined, causes: [], inputs: [], metrics: {}, metricsBefore: {} };
  for (const file of files) {
    if (file.path !== LOCK_FILE && !file.path.endsWith(`/${LOCK_FILE}`)) continue;
    if (after === undefined) continue;
    const folder = file.path.slice(0, -LOCK_FILE.length);
    const [was, is] = [reader.lock(file.path, file.before), reader.lock(file.path, file.after)];
    const stage = path.startsWith(folder) ? stageOf(is, path.slice(folder.length), after.name) : undefined;
    if (stage === undefined && !isMeasured(is, after.name)) continue;
    return {
      stage,
      causes: stage === undefined || !was.has(stage) ? [] : causesBetween(was, is, stage),
      inputs:
        stage === undefined
          ? []
          : ingredientsUpTo(is, stage).filter(({ kind }) => kind === "data" || kind === "code"),
      metrics: isMeasured(is, after.name) ? metricsOf(is) : {},
      metricsBefore: before !== undefined && isMeasured(was, before.name) ? metricsOf(was) : {},
    };
  }
  return told;
}

/** Where a lock comes to name what a pointer file named before, nothing has changed. */
function withoutRepeats(entries: readonly LogEntry[]): readonly LogEntry[] {
  return entries.filter(({ path, before, after }, index) => {
    if (before !== undefined || after === undefined) return true;
    const older = entries.slice(index + 1).find((one) => one.path === path);
    return older?.after?.name !== after.name;
  });
}
