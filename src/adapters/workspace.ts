import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type DvcConfig,
  NoRemoteSet,
  type RemoteSetting,
  remoteSetting,
} from "../core/artifacts/dvc-config.ts";
import { UserError } from "../errors.ts";
import type { Progress } from "../ports/progress.ts";
import type { Remote } from "../ports/remote.ts";
import type { Workspace } from "../ports/workspace.ts";
import { diskCache } from "./cache/disk.ts";
import { initialiseDvc } from "./cache/initialise.ts";
import { linker } from "./cache/links.ts";
import { objectFolder } from "./cache/objects.ts";
import { TRUST } from "./cache/seen.ts";
import { cacheSettings } from "./cache/settings.ts";
import { dvcConfig } from "./dvc-config.ts";
import { diskFiles, keepOwnFolder } from "./files/disk.ts";
import { alone } from "./locks/alone.ts";
import { contractPack, contractRemote, openRegistry } from "./remotes/contract-remote.ts";
import { type Environment, openRemote } from "./remotes/open.ts";
import { gitRepo } from "./repo/git.ts";
import { gitHistory } from "./repo/history.ts";

/** A workspace, and its end: lets go of the connections of all remotes that were opened. */
export interface OpenWorkspace extends Workspace {
  close(): Promise<void>;
}

/** Opens the workspace that a folder belongs to. Nothing is written before something is kept. */
export async function openWorkspace(
  folder: string,
  progress: Progress,
  environment: Environment = process.env,
): Promise<OpenWorkspace> {
  if (!existsSync(folder)) throw new UserError(`the folder "${folder}" is not there`);
  const here = realpathSync(folder);
  const repo = await gitRepo(here);
  const root = rootOf(here, repo?.root);
  const files = diskFiles(root, progress);
  const config = dvcConfig(root, environment);
  const own = join(root, ".trainyard");
  const prepare = (): void => {
    initialiseDvc(root, repo !== undefined);
    keepOwnFolder(root);
  };
  const { folder: cacheFolder, links, shared } = cacheSettings(root, config);
  const objects = objectFolder(cacheFolder, prepare, shared, environment[TRUST]?.toLowerCase() === "true");
  const opened = new Set<Remote>();
  let registry: Promise<Remote> | undefined;
  const inRegistry = async (): Promise<Remote> => {
    const setting = await contractRemote({ root, files, repo });
    keepOwnFolder(root);
    return openRegistry(setting, own, environment);
  };
  return {
    root,
    files,
    cache: diskCache(objects, files, linker(links)),
    repo,
    history: repo === undefined ? undefined : gitHistory(repo.root),
    progress,
    async remote(name, jobs) {
      const found = remoteOf(config, name);
      if (found === undefined) {
        registry ??= inRegistry(); // it remembers what it was told of the objects there
        return registry;
      }
      const { options, ...setting } = found;
      const asked =
        jobs === undefined ? [] : [["jobs", { value: String(jobs), at: setting.url.at }] as const];
      const chosen = { ...setting, options: new Map([...options, ...asked]) };
      const remote = await openRemote(chosen, join(root, ".dvc"), environment, {
        limit: () => contractPack({ root, files, repo }),
        folder: join(own, "packs", createHash("sha256").update(chosen.url.value).digest("hex").slice(0, 16)),
      });
      opened.add(remote);
      return remote;
    },
    async contractRemote() {
      try {
        return await contractRemote({ root, files, repo });
      } catch (error) {
        if (error instanceof NoRemoteSet) return undefined;
        throw error;
      }
    },
    async close() {
      await Promise.all([...opened].map((remote) => remote.close()));
      opened.clear();
    },
    alone(name, work) {
      keepOwnFolder(root);
      return alone(own, name, progress, work);
    },
  };
}

/** The nearest folder with `.dvc`, not above the Git repository; else the repository; else the folder. */
function rootOf(folder: string, top: string | undefined): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".dvc"))) return at;
    if (at === top || at === dirname(at)) return top ?? folder;
  }
}

/** A remote of `.dvc/config`; undefined where it names none, and a contract may. */
function remoteOf(config: DvcConfig, name: string | undefined): RemoteSetting | undefined {
  try {
    return remoteSetting(config, name);
  } catch (error) {
    if (error instanceof NoRemoteSet) return undefined;
    throw error;
  }
}
