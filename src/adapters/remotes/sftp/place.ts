import { existsSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import type { RemoteSetting } from "../../../core/artifacts/dvc-config.ts";
import { UserError } from "../../../errors.ts";
import { askSecret } from "../ask.ts";
import type { Environment } from "../open.ts";
import type { RemoteOptions } from "../options.ts";
import { type SshConfig, sshConfig } from "./config.ts";

/** A server of SSH, and how it is entered. */
export interface SshPlace {
  /** Where the connection goes, and the name that its key is known under. */
  readonly host: string;
  readonly port: number;
  readonly knownAs: string;
  readonly user: string;
  /** Files of keys: those that were named, which are tried first, and those that lie where ssh looks. */
  readonly keys: readonly string[];
  readonly otherKeys: readonly string[];
  readonly passphrase?: string;
  readonly password?: string;
  /** The socket of an agent. */
  readonly agent?: string;
  readonly knownHosts: readonly string[];
  /** Milliseconds until there is a connection. */
  readonly within: number;
  /** The server that the connection goes through. */
  readonly through?: SshPlace;
}

/** ssh's own. */
const DEFAULT_KEYS = ["id_ed25519", "id_ecdsa", "id_rsa"];
/** Servers that a connection goes through, one by the other. */
const MOST_JUMPS = 8;
/** A connection takes a second or two; DVC would wait half an hour. */
const TIMEOUT = 30;

/**
 * The parts of `ssh://[user@]host[:port]/folder`; the folder is taken as it is written, as DVC takes it.
 *
 * @throws {UserError} where it names no host or no folder
 */
export function sshUrl({ name, url }: RemoteSetting) {
  const [, who, inBrackets, bare, port, folder = ""] =
    /^ssh:\/\/(?:([^@/]*)@)?(?:\[([0-9a-f:.%]+)\]|([^:/@[\]\s]+))(?::(\d{1,5}))?(\/.*)?$/is.exec(url.value) ??
    [];
  const host = inBrackets ?? bare;
  const path = folder.replace(/\/+$/, "");
  if (host === undefined || host.startsWith("-") || path === "" || folder.includes("\0"))
    throw new UserError(`the url of remote "${name}" names no host and folder; write ssh://HOST/FOLDER`, {
      at: url.at,
    });
  const [user, password] = who?.split(/:(.*)/s) ?? [];
  return { host, folder: path, user, password, port: port === undefined ? undefined : Number(port) };
}

/** Where a remote is, from its url and options, `~/.ssh/config` and what ssh does without either. */
export async function sshPlace(
  setting: RemoteSetting,
  options: RemoteOptions,
  environment: Environment,
): Promise<SshPlace> {
  const url = sshUrl(setting);
  if (options.flag("gss_auth") === true)
    throw options.wrong("gss_auth", "is not possible here; use a key or an agent");
  const home = environment.HOME ?? homedir();
  const config = sshConfig([join(home, ".ssh", "config")], url.host, home);
  const port = options.number("port") ?? url.port ?? config.port;
  const user = options.text("user") ?? url.user ?? config.user;
  const place = placeOf(
    url.host,
    port,
    user,
    config,
    environment,
    home,
    (options.number("timeout") ?? TIMEOUT) * 1000,
  );
  const keyfile = options.file("keyfile");
  if (keyfile !== undefined && !existsSync(keyfile))
    throw options.wrong("keyfile", `is ${keyfile}, which is not there`);
  const asked = async (what: "password" | "passphrase"): Promise<string | undefined> => {
    const said = options.text(what) ?? (what === "password" ? url.password : undefined);
    if (said !== undefined || options.flag(`ask_${what}`) !== true) return said;
    return askSecret(
      `the ${what} of ${place.user} at ${url.host}`,
      `set it with \`trainyard remote modify --local ${setting.name} ${what} …\`, or use a key or an agent`,
      environment,
    );
  };
  const [password, passphrase] = [await asked("password"), await asked("passphrase")];
  const { agent, ...rest } = place;
  return {
    ...rest,
    keys: keyfile === undefined ? place.keys : [keyfile],
    ...(password === undefined ? {} : { password }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(agent === undefined || options.flag("allow_agent") === false ? {} : { agent }),
  };
}

function placeOf(
  host: string,
  port: number | undefined,
  user: string | undefined,
  config: SshConfig,
  environment: Environment,
  home: string,
  within: number,
  jumps = 0,
): SshPlace {
  if (config.proxyCommand !== undefined && config.proxyJump === undefined)
    throw new UserError(`~/.ssh/config reaches ${host} by a ProxyCommand, which is not run; use ProxyJump`);
  if (jumps > MOST_JUMPS)
    throw new UserError(`~/.ssh/config leads to ${host} by more than ${MOST_JUMPS} jumps`);
  const wanted = config.identityAgent ?? "SSH_AUTH_SOCK";
  const agent = wanted === "SSH_AUTH_SOCK" ? environment.SSH_AUTH_SOCK : wanted.replace(/^~(?=\/)/, home);
  const jump = config.proxyJump?.split(",").at(-1);
  return {
    host: config.hostName ?? host,
    port: port ?? config.port ?? 22,
    knownAs: config.hostKeyAlias ?? config.hostName ?? host,
    user: user ?? config.user ?? userInfo().username,
    keys: config.identityFiles,
    otherKeys: config.identitiesOnly ? [] : DEFAULT_KEYS.map((key) => join(home, ".ssh", key)),
    ...(agent && agent !== "none" ? { agent } : {}),
    knownHosts: [
      ...(config.knownHostsFiles ?? ["known_hosts", "known_hosts2"].map((file) => join(home, ".ssh", file))),
      "/etc/ssh/ssh_known_hosts",
    ],
    within,
    ...(jump === undefined ? {} : { through: jumpOf(jump, environment, home, within, jumps + 1) }),
  };
}

function jumpOf(
  text: string,
  environment: Environment,
  home: string,
  within: number,
  jumps: number,
): SshPlace {
  const [, user, host = text, port] = /^(?:ssh:\/\/)?(?:([^@]*)@)?([^:@]+)(?::(\d+))?$/.exec(text) ?? [];
  const config = sshConfig([join(home, ".ssh", "config")], host, home);
  return placeOf(
    host,
    port === undefined ? undefined : Number(port),
    user,
    config,
    environment,
    home,
    within,
    jumps,
  );
}
