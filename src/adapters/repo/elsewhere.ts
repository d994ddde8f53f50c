import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { parseDvcConfig, remoteNames } from "../../core/artifacts/dvc-config.ts";
import { setSetting } from "../../core/artifacts/edit-config.ts";
import { UserError } from "../../errors.ts";
import type { Elsewhere } from "../../ports/elsewhere.ts";
import type { Progress } from "../../ports/progress.ts";
import { cacheSettings } from "../cache/settings.ts";
import { bucketRemote } from "../remotes/bucket-remote.ts";
import { folderBucket } from "../remotes/buckets/folder.ts";
import type { Environment } from "../remotes/open.ts";
import { openWorkspace } from "../workspace.ts";
import { GitFailure } from "./git-failure.ts";
import { runGit } from "./run-git.ts";

/** What of another repository is written down: where its data are. */
const SETTINGS = [".dvc/config", "trainyard.yaml"];

/**
 * Clones another repository, without its working tree, into a temporary folder.
 *
 * @param url a path, or an address that Git knows
 * @param from absolute path of the folder that a relative path starts from
 * @throws {UserError} where there is no such repository or revision, or Git would run a program to get there
 */
export async function openElsewhere(
  { url, revision, from }: { readonly url: string; readonly revision?: string; readonly from: string },
  progress: Progress,
  environment: Environment,
): Promise<Elsewhere> {
  const source = sourceOf(url, from);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "trainyard-import-")));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    await clone(source, folder, revision);
    const commit = await commitOf(folder, url, revision);
    await writeSettings(folder, commit, source);
    const workspace = await openWorkspace(folder, progress, environment);
    return {
      commit,
      workspace,
      cache: cacheOf(source),
      async close() {
        await workspace.close();
        process.removeListener("exit", remove);
        remove();
      },
    };
  } catch (error) {
    process.removeListener("exit", remove);
    remove();
    if (!(error instanceof GitFailure)) throw error;
    throw new UserError(`"${shown(url)}" cannot be cloned: ${shown(error.said)}`, {
      cause: new Error(shown(error.message)),
    });
  }
}

/** For a message: without the password or token that stands before an address's host. */
const shown = (text: string): string => text.replace(/(:\/\/)[^\s/@]+@/g, "$1***@");

/** Where Git is to clone from. */
interface Source {
  readonly url: string;
  /** The absolute path of a repository of this machine. */
  readonly folder?: string;
}

function sourceOf(url: string, from: string): Source {
  if (url.startsWith("-") || /[\0\n\r]/.test(url) || url === "") {
    throw new UserError(`"${url}" is no address of a repository`);
  }
  if (/^[\w+.-]*::/.test(url)) {
    throw new UserError(
      `"${url}" would have Git run a program; give a path, or an https:// or ssh:// address`,
    );
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (scheme === "file") return { url };
  if (scheme !== undefined) {
    if (["http", "https", "ssh", "git"].includes(scheme)) return { url };
    throw new UserError(
      `"${url}" is no address that Git may be asked for; it is https://, ssh://, git:// or file://`,
    );
  }
  const path = resolve(from, url);
  if (existsSync(path)) return { url: path, folder: path };
  if (/^[^/\\]+:[^\\]/.test(url)) return { url }; // git@github.com:owner/name
  throw new UserError(`there is no repository at "${url}"`);
}

/** As little as is needed where a server is asked; a revision that is no branch or tag needs all. */
async function clone({ url, folder: local }: Source, folder: string, revision?: string): Promise<void> {
  const how = ["clone", "--quiet", "--no-checkout", "--template="];
  const small =
    local === undefined && !/^[0-9a-f]{7,64}$/.test(revision ?? "") && !/[~^@]/.test(revision ?? "");
  if (small && !(revision ?? "").startsWith("-")) {
    const branch = revision === undefined ? [] : [`--branch=${revision}`];
    try {
      await runGit(folder, [...how, "--depth=1", ...branch, "--", url, "."]);
      return;
    } catch (error) {
      if (!(error instanceof GitFailure) || revision === undefined) throw error;
      rmSync(join(folder, ".git"), { recursive: true, force: true });
    }
  }
  await runGit(folder, [...how, "--no-hardlinks", "--", url, "."]);
}

async function commitOf(folder: string, url: string, revision = "HEAD"): Promise<string> {
  if (revision.startsWith("-") || /[\0\n]/.test(revision)) throw noRevision(url, revision);
  for (const name of [revision, `origin/${revision}`]) {
    try {
      const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
      return (await runGit(folder, args)).toString("utf8").trim();
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error;
    }
  }
  throw noRevision(url, revision);
}

const noRevision = (url: string, revision: string): UserError =>
  new UserError(`"${shown(url)}" has no revision "${revision}"; give a branch, a tag or a commit id of it`);

/** Its settings as they are at the commit; those of a repository of this machine that Git does not keep, too. */
async function writeSettings(folder: string, commit: string, source: Source): Promise<void> {
  for (const path of SETTINGS) {
    const bytes = await runGit(folder, ["cat-file", "blob", `${commit}:${path}`]).catch((error) => {
      if (error instanceof GitFailure) return undefined;
      throw error;
    });
    if (bytes === undefined) continue;
    const text = bytes.toString("utf8");
    write(folder, path, path.startsWith(".dvc/") ? fromThere(text, path, source) : text);
  }
  if (source.folder === undefined) return;
  const own = join(source.folder, ".dvc", "config.local");
  if (!existsSync(own)) return;
  write(folder, ".dvc/config.local", fromThere(readFileSync(own, "utf8"), ".dvc/config.local", source));
}

/** Relative paths of a repository of this machine start from it, not from its clone. */
function fromThere(text: string, path: string, { folder }: Source): string {
  const config = parseDvcConfig(text, path);
  if (folder === undefined) {
    // A token of Google's is of use to whoever gets it: a key of ours goes nowhere that they choose.
    for (const [section, settings] of config) {
      if (!settings.has("credentialpath") || !settings.has("endpointurl")) continue;
      if (!/^gs:/i.test(settings.get("url")?.value ?? "")) continue;
      throw new UserError(
        `[${section}] of the other repository's ${path} names a key of this machine ("credentialpath") and where to send what it opens ("endpointurl"); import from a clone of it that you trust`,
      );
    }
    return text;
  }
  let moved = text;
  for (const name of remoteNames(config)) {
    const url = config.get(`remote ${name}`)?.get("url")?.value;
    if (url === undefined || isAbsolute(url) || /^\w[\w+.-]*:\/\//.test(url)) continue;
    moved = setSetting(moved, `remote ${name}`, "url", resolve(folder, ".dvc", url));
  }
  return moved;
}

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text, { mode: 0o600 });
}

function cacheOf({ folder }: Source): Elsewhere["cache"] {
  if (folder === undefined || !existsSync(join(folder, ".dvc"))) return undefined;
  const configs = [".dvc/config", ".dvc/config.local"].flatMap((name) => {
    const path = join(folder, name);
    return existsSync(path) ? [parseDvcConfig(readFileSync(path, "utf8"), name)] : [];
  });
  const config = configs.find((one) => one.get("cache")?.has("dir")) ?? new Map();
  return bucketRemote(folderBucket(cacheSettings(folder, config).folder));
}
