import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import { matchesHost } from "./known-hosts.ts";

/** What `~/.ssh/config` says of a host; the first word of a key counts, and of files all. */
export interface SshConfig {
  readonly hostName?: string;
  readonly user?: string;
  readonly port?: number;
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** A socket, `none` or `SSH_AUTH_SOCK`. */
  readonly identityAgent?: string;
  readonly knownHostsFiles?: readonly string[];
  readonly hostKeyAlias?: string;
  readonly proxyJump?: string;
  readonly proxyCommand?: string;
}

type Said = Map<string, string[]>;

/**
 * Reads what files of ssh's configuration say of a host. `Match` sections other than `Match all` and
 * `Match host` are passed over; `Include` is followed.
 *
 * @param files absolute paths; what is not there says nothing
 * @param home for `~`, `%d` and files that `Include` names without a folder
 */
export function sshConfig(files: readonly string[], host: string, home: string): SshConfig {
  const said: Said = new Map();
  for (const file of files) readInto(said, file, host, home, 0);
  const first = (key: string): string | undefined => {
    const value = said.get(key)?.[0];
    return value === undefined || value.toLowerCase() === "none" ? undefined : value;
  };
  const port = Number(first("port"));
  const hostName = first("hostname")?.replace(/%h/g, host);
  const user = first("user");
  const path = (text: string): string => pathOf(text, home, hostName ?? host, user);
  const optional = <K extends string>(key: K, value: string | undefined): { [P in K]?: string } =>
    (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
  const knownHostsFiles = said.get("userknownhostsfile")?.[0]?.split(/\s+/).map(path);
  return {
    ...optional("hostName", hostName),
    ...optional("user", user),
    ...(Number.isInteger(port) && port > 0 && port < 65536 ? { port } : {}),
    identityFiles: (said.get("identityfile") ?? []).filter((one) => one.toLowerCase() !== "none").map(path),
    identitiesOnly: first("identitiesonly")?.toLowerCase() === "yes",
    ...optional("identityAgent", said.get("identityagent")?.[0]),
    ...(knownHostsFiles === undefined ? {} : { knownHostsFiles }),
    ...optional("hostKeyAlias", first("hostkeyalias")),
    ...optional("proxyJump", first("proxyjump")),
    ...optional("proxyCommand", first("proxycommand")),
  };
}

/** Files that are included from files that are included …: ssh follows 16. */
const DEEPEST = 16;

function readInto(said: Said, file: string, host: string, home: string, depth: number, given = true): void {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return;
  }
  let concerns = given;
  for (const line of text.split(/\r?\n/)) {
    const [, word = "", rest = ""] = /^\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line) ?? [];
    const key = word.toLowerCase();
    const words = [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
    if (key === "host") concerns = given && matchesHost(words, host);
    else if (key === "match") concerns = given && matches(words, host);
    else if (key === "include" && concerns && depth < DEEPEST) {
      for (const one of words.flatMap((name) => included(name, home)))
        readInto(said, one, host, home, depth + 1);
    } else if (key !== "" && concerns) {
      const value = key.endsWith("command") || key === "userknownhostsfile" ? rest : (words[0] ?? "");
      said.set(key, [...(said.get(key) ?? []), value]);
    }
  }
}

function matches(words: readonly string[], host: string): boolean {
  if (words.length === 1) return words[0]?.toLowerCase() === "all";
  const asks = ["host", "originalhost"].includes(words[0]?.toLowerCase() ?? "");
  return asks && words.length === 2 && matchesHost((words[1] ?? "").split(","), host);
}

function included(name: string, home: string): readonly string[] {
  const whole = name.startsWith("~/") ? join(home, name.slice(2)) : name;
  const path = isAbsolute(whole) ? whole : join(home, ".ssh", whole);
  if (!/[*?]/.test(basename(path))) return [path];
  try {
    const names = readdirSync(dirname(path)).sort();
    return names.filter((one) => matchesHost([basename(path)], one)).map((one) => join(dirname(path), one));
  } catch {
    return [];
  }
}

function pathOf(text: string, home: string, host: string, user = ""): string {
  const known: Readonly<Record<string, string>> = { d: home, h: host, r: user, "%": "%" };
  const path = text.replace(/%([dhr%])/g, (_, letter: string) => known[letter] ?? "");
  if (path.startsWith("~/")) return join(home, path.slice(2));
  return isAbsolute(path) ? path : join(home, ".ssh", path);
}
