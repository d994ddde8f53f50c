import { UserError } from "../errors.ts";
import { type GivenTree, openGiven } from "./given-tree.ts";
import type { StageProject } from "./project.ts";

/** A contract of the base branch; without a project where the base's own contract is broken. */
export interface BaseContract {
  readonly folder: string;
  readonly project: StageProject | undefined;
  /** Why it cannot be read. */
  readonly broken: string | undefined;
}

/** The contracts of the base branch, by whose rules a change is judged. */
export interface BaseContracts {
  readonly all: readonly BaseContract[];
  /**
   * The base's contract of a model: the one in its folder; of one that moved, the one of its name, so
   * that a model does not lose its rules by moving.
   */
  of(folder: string, model: string): BaseContract | undefined;
  /** Those that the head has no longer, in their folder or under their name. */
  gone(models: readonly { readonly folder: string; readonly model: string }[]): readonly BaseContract[];
}

/** The head's tree, which finds the base's files under the base's commit, whatever its own `.git` holds. */
export function besideBase(head: GivenTree, base: GivenTree): GivenTree {
  const { repo } = head.workspace;
  if (repo === undefined) return head;
  const workspace = {
    ...head.workspace,
    remote: base.workspace.remote, // as the base names them
    repo: {
      ...repo,
      resolve: async (revision: string) => (revision === base.commit ? revision : repo.resolve(revision)),
      async show(revision: string, path: string) {
        if (revision !== base.commit) return repo.show(revision, path);
        const text = await base.read(path);
        return text === undefined ? undefined : Buffer.from(text);
      },
      async readAll(revision: string, paths: readonly string[]) {
        if (revision !== base.commit) return repo.readAll(revision, paths);
        const texts = new Map<string, string>();
        for (const path of paths) {
          const text = await base.read(path);
          if (text !== undefined) texts.set(path, text);
        }
        return texts;
      },
    },
  };
  return { ...head, workspace, ports: { ...head.ports, workspace: async () => workspace } };
}

/** The base's tree with the head's cache: what was fetched for one need not be fetched for the other. */
export function withCacheOf(base: GivenTree, head: GivenTree): GivenTree {
  const workspace = { ...base.workspace, cache: head.workspace.cache };
  return { ...base, workspace, ports: { ...base.ports, workspace: async () => workspace } };
}

/** @param kept folders that hold a contract on the head, too */
export async function baseContracts(base: GivenTree, kept: readonly string[]): Promise<BaseContracts> {
  const all: BaseContract[] = [];
  for (const folder of base.contracts) {
    try {
      const project = await openGiven(base, folder, { base: base.commit, believed: true });
      all.push({ folder, project, broken: undefined });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      all.push({ folder, project: undefined, broken: error.message });
    }
  }
  const of: BaseContracts["of"] = (folder, model) =>
    all.find((one) => one.folder === folder) ??
    all.find((one) => !kept.includes(one.folder) && sameName(one, model));
  return {
    all,
    of,
    gone: (models) => {
      const found = new Set(models.map(({ folder, model }) => of(folder, model)));
      return all.filter((one) => !found.has(one) && !kept.includes(one.folder));
    },
  };
}

const sameName = ({ project }: BaseContract, model: string): boolean =>
  project?.contract.model.toLowerCase() === model.toLowerCase();
