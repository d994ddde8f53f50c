import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import type { ForgeAccess } from "../../ports/forge.ts";
import type { Ledger, LedgerRecord } from "../../ports/ledger.ts";
import { attempting, type Pace } from "../repo/attempts.ts";
import { type Patience, type RemoteGit, remoteGit, repositoryOf } from "../repo/remote-git.ts";
import * as branch from "./branch.ts";
import { blobId, checkFolder, checkPath, checkRecords } from "./records.ts";
import { accessToken } from "./token.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Fifty that begin at once are done in three minutes, with five or six attempts each, as a simulation
 * with 1.5 s an attempt says; most attempts end before anything is sent.
 */
const PACE: Pace = { races: 16, outages: 7, first: 3000, longest: 60_000, random: Math.random };
/** A record may be read soon after its neighbour: so many are fetched in one request. */
const NEIGHBOURS = 200;

/**
 * The ledger on the repository's orphan branch `trainyard`, by Git over HTTP.
 *
 * Nothing is locked: a commit is made on the newest one and pushed if that still is the newest, else
 * all is done again. A killed process leaves the branch as it was. What was read once is not fetched
 * again, since records never change; what is not there is looked for again each time.
 */
export function gitLedger(
  access: ForgeAccess,
  environment: Environment,
  { pace = PACE, patience }: { readonly pace?: Pace; readonly patience?: Patience } = {},
): Ledger {
  const repository = repositoryOf(access, environment);
  const git = remoteGit(repository, accessToken(access, environment), environment, patience);
  let ready: string | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let known: string | undefined; // the newest commit that was seen
  const held = new Set<string>(); // names of the contents that the clone has

  /** One after the other, as they share a clone. */
  const inTurn = <T>(wants: "read" | "write", work: (clone: string) => Promise<T>): Promise<T> => {
    const turn = last.then(async () => {
      ready ??= openClone(git, environment);
      const clone = ready;
      return attempting(`the ledger of ${repository}`, wants, pace, () => work(clone));
    });
    last = turn.catch(() => {});
    return turn;
  };
  const look = async (clone: string): Promise<string | undefined> => {
    known = await branch.fetchTip(git, clone);
    return known;
  };

  return {
    async add(records) {
      const wanted = checkRecords(records);
      if (wanted.length === 0) throw new Error("no records to add");
      let sent: string | undefined; // it may have arrived although its push failed
      let fresh: readonly string[] = [];
      return inTurn("write", async (clone) => {
        const before = await look(clone);
        if (sent !== undefined && sent === before) return { commit: sent, added: fresh };
        const draft = await branch.draftCommit(git, clone, before, wanted);
        const added = newIn(wanted, draft, repository);
        if (added.length === 0 && before !== undefined) return { commit: before, added };
        fresh = added;
        const { commit } = draft;
        sent = commit;
        await branch.pushCommit(git, clone, commit, before);
        known = commit;
        return { commit, added };
      });
    },

    async list(folder) {
      checkFolder(folder);
      return inTurn("read", async (clone) => {
        const tip = await look(clone);
        if (tip === undefined) return [];
        return [...(await branch.idsBelow(git, clone, tip, folder)).keys()].sort();
      });
    },

    async read(path) {
      checkPath(path);
      return inTurn("read", async (clone) => {
        const folder = path.slice(0, path.lastIndexOf("/"));
        const at = async (tip: string | undefined) =>
          tip === undefined ? new Map<string, string>() : branch.idsBelow(git, clone, tip, folder);
        let ids = await at(known);
        if (!ids.has(path)) ids = await at(await look(clone));
        const id = ids.get(path);
        if (id === undefined) return undefined;
        const missing = [id, ...ids.values()].filter((name) => !held.has(name));
        if (missing.includes(id)) {
          const some = [...new Set(missing)].slice(0, NEIGHBOURS);
          await branch.fetchBlobs(git, clone, some);
          for (const name of some) held.add(name);
        }
        return String(await git.local(clone, ["cat-file", "blob", id]));
      });
    },
  };
}

/** An empty clone in the job's own folder for such things; it goes away with the process. */
function openClone(git: RemoteGit, { RUNNER_TEMP }: Environment): string {
  const clone = mkdtempSync(join(RUNNER_TEMP || tmpdir(), "trainyard-ledger-"));
  removeAtExit(clone);
  branch.prepareClone(git, clone);
  return clone;
}

const leftAtExit = new Set<string>();

function removeAtExit(folder: string): void {
  if (leftAtExit.size === 0) {
    process.once("exit", () => {
      for (const one of leftAtExit) rmSync(one, { recursive: true, force: true });
    });
  }
  leftAtExit.add(folder);
}

/** Paths that were not there. @throws {UserError} where one was, with other bytes */
function newIn(records: readonly LedgerRecord[], { before }: branch.Draft, repository: string): string[] {
  return records.flatMap(({ path, text }) => {
    const id = before.get(path);
    if (id === undefined) return [path];
    if (id === blobId(text)) return [];
    throw new UserError(
      `the ledger of ${repository} has another "${path}"; records never change, so a new one needs a path of its own`,
    );
  });
}
