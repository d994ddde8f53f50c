import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { UserError } from "../../errors.ts";
import type { ForgeAccess } from "../../ports/forge.ts";
import { spawnGit } from "./spawn-git.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Git with one repository of the forge, and without anything that the machine or the data would add. */
export interface RemoteGit {
  /** `owner/name` */
  readonly repository: string;
  readonly url: string;
  /** Runs Git with the token. @throws {GitFailure} */
  ask(folder: string, args: readonly string[], input?: string | Buffer): Promise<Buffer>;
  /** Runs Git without: the network is out of its reach. @throws {GitFailure} */
  local(folder: string, args: readonly string[], input?: string | Buffer): Promise<Buffer>;
  /** Starts Git without the network, for what is too large to be held. */
  start(folder: string, args: readonly string[]): ChildProcessWithoutNullStreams;
}

/** How long one call of Git may take, and how long a server may say nothing, in seconds. */
export interface Patience {
  readonly whole: number;
  readonly silent: number;
}

/** What Git needs of the surroundings: programs, home, proxies and certificates. No token is among them. */
const KEPT =
  /^(PATH|HOME|USERPROFILE|XDG_CONFIG_HOME|TMPDIR|TEMP|TMP|SYSTEMROOT|WINDIR|COMSPEC|PATHEXT|LD_LIBRARY_PATH|(HTTPS?|ALL|NO)_PROXY|SSL_CERT_(FILE|DIR)|CURL_CA_BUNDLE|GIT_SSL_CA(INFO|PATH)|GIT_CONFIG_(GLOBAL|SYSTEM|NOSYSTEM)|GIT_EXEC_PATH)$/i;

/** Nothing that the machine's configuration names is started, asked or cleaned up along the way. */
const SETTINGS: readonly (readonly [string, string])[] = [
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["core.askPass", ""],
  ["core.autocrlf", "false"],
  ["commit.gpgSign", "false"],
  ["push.gpgSign", "false"],
  ["push.recurseSubmodules", "no"],
  ["fetch.recurseSubmodules", "no"],
  ["fetch.unpackLimit", "1"],
  ["fastimport.unpackLimit", "1"],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["credential.interactive", "false"],
  ["init.defaultBranch", "main"],
];

const PATIENCE: Patience = { whole: 900, silent: 60 };

/**
 * @param token asked before every call that reaches the server, as an App's lives for an hour
 * @throws {UserError} where no repository, or none that can be one, is named
 */
export function remoteGit(
  repository: string,
  token: () => Promise<string | undefined>,
  environment: Environment,
  patience: Patience = PATIENCE,
): RemoteGit {
  const server = serverOf(environment);
  const url = `${server}/${repository}.git`;
  const scheme = server.slice(0, server.indexOf(":"));
  const kept = Object.entries(environment).filter(([name]) => KEPT.test(name));

  const surroundings = (protocols: string, settings: typeof SETTINGS): NodeJS.ProcessEnv => ({
    PATH: process.env.PATH,
    ...Object.fromEntries(kept),
    ...Object.fromEntries(
      settings.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
    GIT_CONFIG_COUNT: String(settings.length),
    GIT_ALLOW_PROTOCOL: protocols,
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
  });

  return {
    repository,
    url,

    async ask(folder, args, input) {
      const secret = await token();
      const settings = [
        ...SETTINGS,
        ["http.lowSpeedLimit", "1"] as const,
        ["http.lowSpeedTime", String(patience.silent)] as const,
        ...(secret === undefined ? [] : authorization(server, secret)),
      ];
      return spawnGit(folder, args, surroundings(scheme, settings), { seconds: patience.whole, input });
    },

    local(folder, args, input) {
      return spawnGit(folder, args, surroundings("none", SETTINGS), { seconds: patience.whole, input });
    },

    start(folder, args) {
      return spawn("git", [...args], { cwd: folder, env: surroundings("none", SETTINGS) });
    },
  };
}

/**
 * `owner/name` of whoever is asked, as the input or the surroundings name it.
 *
 * @throws {UserError} where none is named, or what is named could be a path or an option
 */
export function repositoryOf(access: ForgeAccess, environment: Environment): string {
  const name = access.repository ?? environment.GITHUB_REPOSITORY;
  if (name === undefined || name === "") {
    throw new UserError("no repository is named; set GITHUB_REPOSITORY to OWNER/NAME");
  }
  if (/^[\w-][\w.-]*\/[\w.-]+$/.test(name) && !/\/\.{1,2}$/.test(name)) return name;
  throw new UserError(`"${name}" is no repository; it is written OWNER/NAME`);
}

function serverOf({ GITHUB_SERVER_URL: url = "https://github.com" }: Environment): string {
  if (/^https?:\/\/[\w.:[\]-]+\/?$/.test(url)) return url.replace(/\/$/, "");
  throw new UserError(`GITHUB_SERVER_URL is "${url}"; it is an address such as https://github.com`);
}

/** The token goes to that server alone, and no other credentials do. */
function authorization(server: string, token: string): (readonly [string, string])[] {
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  return [
    ["credential.helper", ""],
    [`http.${server}/.extraHeader`, ""],
    [`http.${server}/.extraHeader`, `Authorization: basic ${basic}`],
  ];
}
