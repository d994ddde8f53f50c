import { UserError } from "../../errors.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { Repo } from "../../ports/repo.ts";

/** Where a clone has the ledger's branch, the likeliest first. */
const BRANCHES = ["refs/remotes/origin/trainyard", "refs/heads/trainyard"];

/**
 * The ledger as this clone has it: what was there when it was last fetched. Read only, and without a token.
 *
 * @returns undefined where the branch was never fetched
 */
export async function fetchedLedger(repo: Repo): Promise<Ledger | undefined> {
  const commit = await firstOf(repo, BRANCHES);
  if (commit === undefined) return undefined;
  const all = await repo.files(commit);
  return {
    add: () => Promise.reject(new UserError("the ledger of a clone is read only")),
    list: async (folder) => all.filter((path) => path.startsWith(`${folder}/`)),
    read: async (path) => (await repo.readAll(commit, [path])).get(path),
  };
}

/** The texts of a folder's records as this clone has them, by their paths, in one go; none where there is no ledger. */
export async function fetchedRecords(repo: Repo, folder: string, most: number): Promise<readonly string[]> {
  const commit = await firstOf(repo, BRANCHES);
  if (commit === undefined) return [];
  const paths = (await repo.files(commit)).filter((path) => path.startsWith(`${folder}/`));
  return [...(await repo.readAll(commit, paths.slice(-most))).values()];
}

async function firstOf(repo: Repo, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    try {
      return await repo.resolve(name);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return undefined;
}
