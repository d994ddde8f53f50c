import { isAbsolute, join, relative, resolve, sep } from "node:path";
import {
  type DvcConfig,
  mergeDvcConfigs,
  parseDvcConfig,
  remoteNames,
  remoteSetting,
} from "../core/artifacts/dvc-config.ts";
import { removeSection, renameSection, setSetting, unsetSetting } from "../core/artifacts/edit-config.ts";
import { remoteOptionsOf } from "../core/artifacts/remote-options.ts";
import { nearest } from "../core/text/nearest.ts";
import { placeText, UserError } from "../errors.ts";
import type { Workspace } from "../ports/workspace.ts";
import { type ConfigLevel, dvcConfigFile, editDvcConfig, readDvcConfig } from "./dvc-config-file.ts";

/*
 * `remote add`, `modify`, `remove`, `default`, `rename` and `list`: changes of `.dvc/config`, or of the
 * `config.local` beside it, with DVC's rules. Names are lower case, as DVC makes them.
 */

/** Options whose values are paths, which are kept relative to the configuration's folder. */
const PATHS = new Set(["url", "credentialpath", "configpath", "keyfile", "cert_path", "key_path"]);

/** Which file is changed, and what relative paths that a person gives start from. */
export interface Change {
  readonly level: ConfigLevel;
  /** Absolute path of the folder that the person stands in. */
  readonly folder: string;
}

/** @throws {UserError} where there is one of that name and `force` is not given */
export async function addRemote(
  workspace: Workspace,
  change: Change,
  remote: {
    readonly name: string;
    readonly url: string;
    readonly force: boolean;
    readonly asDefault: boolean;
  },
): Promise<void> {
  const name = remote.name.toLowerCase();
  const url = kept(workspace, change, "url", remote.url);
  await edit(workspace, change.level, (before, read) => {
    if (remoteNames(read(before)).includes(name) && !remote.force) {
      throw new UserError(`there is a remote "${name}" already; --force overwrites it`);
    }
    const text = setSetting(removeSection(before, `remote ${name}`), `remote ${name}`, "url", url);
    return remote.asDefault ? setSetting(text, "core", "remote", name) : text;
  });
}

/**
 * Sets one option of a remote or, without a value, unsets it.
 *
 * @throws {UserError} where there is no such remote, or its kind knows no such option
 */
export async function modifyRemote(
  workspace: Workspace,
  change: Change,
  { name: given, option, value }: { readonly name: string; readonly option: string; readonly value?: string },
): Promise<void> {
  const name = given.toLowerCase();
  const key = option.toLowerCase();
  const below = await readDvcConfig(workspace, "repo");
  await edit(workspace, change.level, (before, read) => {
    mustExist(name, mergeDvcConfigs(below, read(before)));
    if (value === undefined) return unsetSetting(before, `remote ${name}`, key);
    const text = setSetting(before, `remote ${name}`, key, kept(workspace, change, key, value));
    remoteSetting(mergeDvcConfigs(below, read(text)), name); // knows which options there are
    return text;
  });
}

/** @throws {UserError} where there is no such remote in that file */
export async function removeRemote(workspace: Workspace, { level }: Change, given: string): Promise<void> {
  const name = given.toLowerCase();
  await edit(workspace, level, (before, read) => {
    mustExist(name, read(before));
    return withoutDefault(removeSection(before, `remote ${name}`), name, read);
  });
  if (level === "repo" && (await readDvcConfig(workspace, "local")).size > 0) {
    await edit(workspace, "local", (before, read) => withoutDefault(before, name, read));
  }
}

/** @throws {UserError} where there is no such remote in that file, or one of the new name anywhere */
export async function renameRemote(
  workspace: Workspace,
  { level }: Change,
  given: { readonly name: string; readonly to: string },
): Promise<void> {
  const [name, to] = [given.name.toLowerCase(), given.to.toLowerCase()];
  const local = await readDvcConfig(workspace, "local");
  const all = mergeDvcConfigs(await readDvcConfig(workspace, "repo"), local);
  if (remoteNames(all).includes(to)) throw new UserError(`there is a remote "${to}" already`);
  const asDefault = (before: string, read: Read): string =>
    defaultOf(read(before)) === name ? setSetting(before, "core", "remote", to) : before;
  await edit(workspace, level, (before, read) => {
    mustExist(name, read(before));
    return asDefault(renameSection(before, `remote ${name}`, `remote ${to}`), read);
  });
  if (level === "repo" && local.size > 0) await edit(workspace, "local", asDefault);
}

/** Sets the default remote or, without a name, unsets it. @throws {UserError} where there is no such remote */
export async function setDefaultRemote(
  workspace: Workspace,
  { level }: Change,
  given: string | undefined,
): Promise<void> {
  const name = given?.toLowerCase();
  const below = await readDvcConfig(workspace, "repo");
  await edit(workspace, level, (before, read) => {
    if (name === undefined) return unsetSetting(before, "core", "remote");
    mustExist(name, mergeDvcConfigs(below, read(before)));
    return setSetting(before, "core", "remote", name);
  });
}

/** A remote as `remote list` shows it. */
export interface ListedRemote {
  /** Null where it has none: a contract names it by its address. */
  readonly name: string | null;
  readonly url: string;
  readonly default: boolean;
  /** The file, and the line where it is a contract's. */
  readonly named_by: string;
}

/** The remotes of one file, or of both together and what the contracts name. */
export async function listRemotes(
  workspace: Workspace,
  level?: ConfigLevel,
): Promise<readonly ListedRemote[]> {
  const levels: readonly ConfigLevel[] = level === undefined ? ["repo", "local"] : [level];
  const config = mergeDvcConfigs(...(await Promise.all(levels.map((one) => readDvcConfig(workspace, one)))));
  const listed = remoteNames(config).flatMap((name): readonly ListedRemote[] => {
    const url = config.get(`remote ${name}`)?.get("url");
    if (url === undefined) return [];
    return [{ name, url: url.value, default: name === defaultOf(config), named_by: url.at.file }];
  });
  const own = level === undefined ? await registryOf(workspace, defaultOf(config)) : undefined;
  return own === undefined ? listed : [...listed, own];
}

/** What the contracts name; it is the default where `.dvc/config` has none. */
export async function registryOf(
  workspace: Workspace,
  named: string | undefined,
): Promise<ListedRemote | undefined> {
  const line = await workspace.contractRemote();
  if (line === undefined) return undefined;
  return { name: null, url: line.value, default: named === undefined, named_by: placeText(line.at) };
}

/** The default remote's name, of one file or of both together. */
export async function defaultRemoteName(
  workspace: Workspace,
  level?: ConfigLevel,
): Promise<string | undefined> {
  const config = await Promise.all(
    (level === undefined ? (["repo", "local"] as const) : [level]).map((one) =>
      readDvcConfig(workspace, one),
    ),
  );
  return defaultOf(mergeDvcConfigs(...config));
}

type Read = (text: string) => DvcConfig;

/** Changes one file; `.dvc` becomes what `dvc init` makes where it is not there. */
async function edit(
  workspace: Workspace,
  level: ConfigLevel,
  change: (before: string, read: Read) => string,
): Promise<void> {
  const { files, root, repo } = workspace;
  const read: Read = (text) => parseDvcConfig(text, dvcConfigFile(level));
  const ignored = join(root, ".dvc", ".gitignore");
  const outsideOfGit = repo === undefined && !(await files.exists(join(root, ".dvc")));
  await editDvcConfig(workspace, level, (before) => {
    const text = change(before, read);
    return outsideOfGit && level === "repo" ? setSetting(text, "core", "no_scm", "True") : text;
  });
  // What stands in config.local may be a secret: Git is not to keep it.
  if (!(await files.exists(ignored))) await files.write(ignored, "/config.local\n/tmp\n/cache\n");
}

const defaultOf = (config: DvcConfig): string | undefined => config.get("core")?.get("remote")?.value;

function withoutDefault(text: string, name: string, read: Read): string {
  return defaultOf(read(text)) === name ? unsetSetting(text, "core", "remote") : text;
}

function mustExist(name: string, config: DvcConfig): void {
  const names = remoteNames(config);
  if (names.includes(name)) return;
  const meant = nearest(name, names);
  const there = names.length === 0 ? "there is none" : `there is ${names.join(", ")}`;
  throw new UserError(
    `there is no remote "${name}"; ${meant === undefined ? there : `did you mean "${meant}"?`}`,
  );
}

/** A value as it is kept: relative paths start from the configuration's folder. @throws {UserError} */
function kept({ root }: Workspace, { folder }: Change, key: string, value: string): string {
  if (key === "url" && /^oci:\/\//i.test(value)) {
    throw new UserError(
      `"${value}" does not belong in .dvc/config, which DVC would refuse to read; write "artifacts: { remote: ${value} }" to trainyard.yaml`,
    );
  }
  if (key === "url" && !/^remote:\/\//i.test(value) && remoteOptionsOf(value) === undefined) {
    throw new UserError(
      `"${value}" is of no kind that DVC knows, which would refuse to read .dvc/config; a url is a folder, s3://, gs://, azure://, ssh://, http://, https://, webdav:// or webdavs://`,
    );
  }
  if (!PATHS.has(key) || /^\w[\w+.-]*:\/\//.test(value) || value.startsWith("~") || isAbsolute(value))
    return value;
  const below = relative(join(root, ".dvc"), resolve(folder, value));
  return below.split(sep).join("/") || ".";
}
