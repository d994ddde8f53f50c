import { type Place, UserError } from "../../errors.ts";
import { type Item, itemsOf } from "./config-grammar.ts";
import { remoteOptionsOf } from "./remote-options.ts";

/** A setting and where it stands. */
export interface Setting {
  /** Of a list its values with commas between. */
  readonly value: string;
  /** Its values, where it is a list. */
  readonly values?: readonly string[];
  readonly at: Place;
}

/** Settings by section and key; a remote's section is called `remote NAME`. */
export type DvcConfig = ReadonlyMap<string, ReadonlyMap<string, Setting>>;

/**
 * Reads `.dvc/config`, in ConfigObj's grammar. Keys are lower-cased, `%(key)s` is filled in.
 *
 * @param file its path, for messages
 * @throws {UserError} at the line that is neither section, setting nor comment
 *
 * @example parseDvcConfig("[core]\n    remote = store\n['remote \"store\"']\n    url = ../store\n", "config").get("remote store").get("url").value // => "../store"
 * @example parseDvcConfig("[cache]\n    type = reflink, copy\n", "config").get("cache").get("type").values // => ["reflink", "copy"]
 * @example parseDvcConfig("[core]\nremote\n", "config") // throws "config:2"
 */
export function parseDvcConfig(text: string, file: string): DvcConfig {
  const sections = new Map<string, Map<string, Setting>>();
  let section: Map<string, Setting> | undefined;
  for (const item of itemsOf(text)) {
    const at = { file, line: item.from + 1 };
    if (item.kind === "wrong") throw new UserError(item.message, { at });
    if (item.kind === "section") {
      const name = sectionName(item.name);
      section = sections.get(name) ?? new Map<string, Setting>();
      sections.set(name, section);
    } else if (section === undefined) {
      throw new UserError(`"${item.key}" stands before the first [section]`, { at });
    } else {
      section.set(item.key.toLowerCase(), settingOf(item, at));
    }
  }
  const defaults = sections.get("DEFAULT");
  for (const settings of sections.values()) {
    for (const [key, setting] of settings) {
      const fill = (value: string): string => filled(value, settings, defaults, setting.at, new Set([key]));
      settings.set(key, {
        ...setting,
        value: fill(setting.value),
        ...(setting.values === undefined ? {} : { values: setting.values.map(fill) }),
      });
    }
  }
  return sections;
}

function settingOf({ values, isList }: Item & { kind: "setting" }, at: Place): Setting {
  return { value: values.join(","), ...(isList ? { values } : {}), at };
}

/**
 * `'remote "store"'` and `remote "store"` are one name, `remote store`.
 *
 * @example sectionName('remote "store"') // => "remote store"
 */
export function sectionName(head: string): string {
  const [, kind, name] = /^\s*(\w+)\s*"(.*)"\s*$/.exec(head) ?? [];
  return kind === undefined ? head : `${kind} ${name}`;
}

/** `%(key)s` is another value of the section, or of `[DEFAULT]`. */
function filled(
  text: string,
  settings: ReadonlyMap<string, Setting>,
  defaults: ReadonlyMap<string, Setting> | undefined,
  at: Place,
  open: ReadonlySet<string>,
): string {
  return text.replace(/%\(([^)]*)\)s/g, (whole, name: string) => {
    const key = name.toLowerCase();
    const other = settings.get(key) ?? defaults?.get(key);
    if (other === undefined) {
      throw new UserError(`"${whole}" refers to "${name}", which this section does not set`, { at });
    }
    if (open.has(key)) throw new UserError(`"${whole}" refers to itself`, { at });
    return filled(other.value, settings, defaults, at, new Set([...open, key]));
  });
}

/** Settings of several files in one; later files win. */
export function mergeDvcConfigs(...configs: readonly DvcConfig[]): DvcConfig {
  const merged = new Map<string, Map<string, Setting>>();
  for (const config of configs) {
    for (const [section, settings] of config) {
      merged.set(section, new Map([...(merged.get(section) ?? []), ...settings]));
    }
  }
  return merged;
}

/** Keys whose values are paths, relative to the folder of the file that they stand in. */
const PATHS = new Set([
  "url",
  "credentialpath",
  "configpath",
  "keyfile",
  "cert_path",
  "key_path",
  "gdrive_user_credentials_file",
  "gdrive_service_account_json_file_path",
]);

/**
 * A configuration with another start for its relative paths; absolute ones and urls stay.
 *
 * @param move a relative path to what it is from elsewhere
 */
export function withPaths(config: DvcConfig, move: (path: string) => string): DvcConfig {
  const moved = (section: string, key: string, setting: Setting): Setting => {
    const isPath = section === "cache" ? key === "dir" : section.startsWith("remote ") && PATHS.has(key);
    if (!isPath || /^(\/|[a-z]:[/\\]|\w+:\/\/|~)/i.test(setting.value)) return setting;
    return { ...setting, value: move(setting.value) };
  };
  return new Map(
    [...config].map(([section, settings]) => [
      section,
      new Map([...settings].map(([key, setting]) => [key, moved(section, key, setting)])),
    ]),
  );
}

/** A remote of the configuration: where it is, as it was written. */
export interface RemoteSetting {
  readonly name: string;
  readonly url: Setting;
  /** Everything else that its section says: `endpointurl`, `user`, `keyfile` … */
  readonly options: ReadonlyMap<string, Setting>;
}

/** The repository names no remote at all: a beginning, not a mistake. */
export class NoRemoteSet extends UserError {}

/**
 * The remote of a name, or the default one. A url `remote://NAME/sub` lies in another remote, and has
 * that one's options where it has none of its own.
 *
 * @throws {NoRemoteSet} where no name is asked for and there is no default
 * @throws {UserError} where there is none of that name, or no default, naming those that there are; or
 *   where it has an option that its kind does not know
 *
 * @example remoteSetting(new Map()) // throws "no remote"
 */
export function remoteSetting(config: DvcConfig, name?: string): RemoteSetting {
  const names = remoteNames(config);
  const there = names.length === 0 ? "there is none" : `there is ${names.join(", ")}`;
  const asDefault = config.get("core")?.get("remote");
  const wanted = name ?? asDefault?.value;
  if (wanted === undefined) {
    throw new NoRemoteSet(`no remote is set; write "[core]" with "remote = NAME" to .dvc/config (${there})`);
  }
  const found = resolved(config, sectionOf(config, wanted), new Set());
  if (found !== undefined) return checked({ name: wanted, ...found });
  throw new UserError(`no remote "${wanted}" with a url in .dvc/config; ${there}`, {
    ...(name === undefined && asDefault !== undefined ? { at: asDefault.at } : {}),
  });
}

/** Names of the remotes, in the order in which they are written. */
export function remoteNames(config: DvcConfig): readonly string[] {
  return [...config.keys()].flatMap((section) => /^remote (.*)$/.exec(section)?.[1] ?? []);
}

/** DVC lower-cases the default remote's name. */
function sectionOf(config: DvcConfig, name: string): string {
  if (config.has(`remote ${name}`)) return `remote ${name}`;
  const same = remoteNames(config).find((one) => one.toLowerCase() === name.toLowerCase());
  return `remote ${same ?? name}`;
}

function resolved(
  config: DvcConfig,
  section: string,
  open: ReadonlySet<string>,
): Omit<RemoteSetting, "name"> | undefined {
  const settings = new Map(config.get(section) ?? []);
  const url = settings.get("url");
  if (url === undefined) return undefined;
  settings.delete("url");
  const [, other, below = ""] = /^remote:\/\/([^/]+)\/*(.*)$/i.exec(url.value) ?? [];
  if (other === undefined) return { url, options: settings };
  if (open.has(section)) throw new UserError(`the url ${url.value} leads back to itself`, { at: url.at });
  const base = resolved(config, sectionOf(config, other), new Set([...open, section]));
  if (base === undefined)
    throw new UserError(`there is no remote "${other}" for ${url.value}`, { at: url.at });
  const value = below === "" ? base.url.value : `${base.url.value.replace(/\/+$/, "")}/${below}`;
  return { url: { ...url, value }, options: new Map([...base.options, ...settings]) };
}

function checked(remote: RemoteSetting): RemoteSetting {
  const known = remoteOptionsOf(remote.url.value);
  if (known === undefined) return remote; // whoever opens it says that there is no such kind
  for (const [key, { at }] of remote.options) {
    if (known.has(key)) continue;
    const scheme = /^\w+:\/\//.exec(remote.url.value)?.[0];
    throw new UserError(
      `the remote "${remote.name}" has the option "${key}", which ${scheme ?? "a folder"} does not have; it can have ${[...known].sort().join(", ")}`,
      { at },
    );
  }
  return remote;
}
