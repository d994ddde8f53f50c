import { readFileSync } from "node:fs";
import { connect as connectSocket, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import ssh2, { type AnyAuthMethod, type ClientChannel, type Client as SshClient } from "ssh2";
import { UserError } from "../../../errors.ts";
import { Unreachable } from "../../../ports/bucket.ts";
import { acquaintance, fingerprint, type KnownHost, keyType, knownHosts, linesOf } from "./known-hosts.ts";
import type { SshPlace } from "./place.ts";

/** A connection that is open, and the socket below it. */
export interface Connection {
  readonly client: SshClient;
  readonly socket: Socket;
  end(): void;
}

/**
 * Connects to a server that is known, as somebody whom it lets in.
 *
 * @throws {UserError} where its key is not known or another, or it lets nobody in
 * @throws {Unreachable} where it does not answer
 */
export async function connect(place: SshPlace): Promise<Connection> {
  if (place.through === undefined) {
    const socket = await socketTo(place);
    return greet(place, socket, socket, () => socket.destroy());
  }
  const before = await connect(place.through);
  try {
    const channel = await forwarded(before.client, place);
    return await greet(place, channel, before.socket, () => before.end());
  } catch (error) {
    before.end();
    throw error;
  }
}

function socketTo({ host, port, within }: SshPlace): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ host, port, timeout: within });
    const fail = (why: string, lasting = false): void => {
      socket.destroy();
      const message = `${host} port ${port} cannot be reached: ${why}`;
      reject(lasting ? new UserError(message) : new Unreachable(message));
    };
    socket.once("timeout", () => fail(`no answer within ${within / 1000} s`));
    socket.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "ENOTFOUND" ? fail("there is no such host", true) : fail(error.message),
    );
    socket.once("connect", () => {
      socket.removeAllListeners("timeout").removeAllListeners("error");
      socket.setTimeout(0).setNoDelay(true).setKeepAlive(true, 15_000);
      resolve(socket);
    });
  });
}

function forwarded(client: SshClient, { host, port }: SshPlace): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
      if (error === undefined) resolve(channel);
      else
        reject(
          new UserError(`${host} port ${port} cannot be reached through the jump host: ${error.message}`),
        );
    });
  });
}

function greet(place: SshPlace, sock: Duplex, socket: Socket, drop: () => void): Promise<Connection> {
  const { host, user, knownAs, port, within } = place;
  const lines = linesOf(place.knownHosts.flatMap(readKnown), knownAs, port);
  const { methods, passedOver } = methodsOf(place);
  let stranger: UserError | undefined;
  const client = new ssh2.Client();
  return new Promise<Connection>((resolve, reject) => {
    client.on("error", (error: Error & { level?: string }) => {
      client.destroy();
      drop();
      reject(stranger ?? refused(place, error, methods, passedOver));
    });
    client.once("close", () => reject(stranger ?? new Unreachable(`${host} closed the connection`)));
    client.once("ready", () => {
      const end = (): void => {
        client.end();
        drop();
      };
      resolve({ client, socket, end });
    });
    client.connect({
      sock,
      username: user,
      readyTimeout: within,
      authHandler: methods,
      algorithms: { serverHostKey: hostKeyTypes(lines) },
      hostVerifier: (key: Buffer) => {
        stranger = strangeness(place, lines, key);
        return stranger === undefined;
      },
    });
  });
}

function readKnown(file: string): readonly KnownHost[] {
  try {
    return knownHosts(readFileSync(file, "utf8"), file);
  } catch {
    return [];
  }
}

type HostKeyType =
  | "ssh-ed25519"
  | "ecdsa-sha2-nistp256"
  | "ecdsa-sha2-nistp384"
  | "ecdsa-sha2-nistp521"
  | RsaType;
type RsaType = "rsa-sha2-512" | "rsa-sha2-256" | "ssh-rsa";
const HOST_KEY_TYPES: readonly HostKeyType[] = [
  ...(["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"] as const),
  ...(["rsa-sha2-512", "rsa-sha2-256"] as const),
];

/** Types of keys in the order that we like them; those that we know of the host come first, or it would show another. */
function hostKeyTypes(lines: readonly KnownHost[]): HostKeyType[] {
  const known = new Set(lines.map(({ type }) => type));
  const isKnown = (type: string): boolean => known.has(type.startsWith("rsa-") ? "ssh-rsa" : type);
  return [...HOST_KEY_TYPES].sort((a, b) => Number(isKnown(b)) - Number(isKnown(a)));
}

function strangeness(place: SshPlace, lines: readonly KnownHost[], key: Buffer): UserError | undefined {
  const { knownAs, port } = place;
  const found = acquaintance(lines, key);
  const shown = `the key that ${knownAs}${port === 22 ? "" : ` port ${port}`} shows (${keyType(key)} ${fingerprint(key)})`;
  const name = port === 22 ? knownAs : `[${knownAs}]:${port}`;
  switch (found.known) {
    case "yes":
      return undefined;
    case "no":
      return new UserError(
        `${shown} is not in ~/.ssh/known_hosts; compare it with what the server's owner says, then take it with \`ssh-keyscan -p ${port} ${knownAs} >> ~/.ssh/known_hosts\` or by \`ssh\` once`,
      );
    case "changed":
      return new UserError(
        `${shown} is not the one in ${found.at}: the server was set up anew, or somebody stands in between; if its owner says it is right, remove the old one with \`ssh-keygen -R ${name}\` and take the new one by \`ssh\` once`,
      );
    case "revoked":
      return new UserError(`${shown} is revoked in ${found.at}`);
  }
}

/** Ways to be let in, in the order that they are tried, and keys that cannot be used. */
function methodsOf(place: SshPlace): { methods: AnyAuthMethod[]; passedOver: readonly string[] } {
  const { user: username, agent, password, passphrase } = place;
  const passedOver: string[] = [];
  const keyMethods = (paths: readonly string[]): AnyAuthMethod[] =>
    paths.flatMap((path) => {
      let text: Buffer;
      try {
        text = readFileSync(path);
      } catch {
        return [];
      }
      const parsed = ssh2.utils.parseKey(text, passphrase);
      const key = Array.isArray(parsed) ? parsed[0] : parsed;
      if (key !== undefined && !(key instanceof Error)) return { type: "publickey" as const, username, key };
      const why = /passphrase|encrypted/i.test(key?.message ?? "")
        ? "needs its passphrase"
        : "cannot be read";
      passedOver.push(`${path} ${why}`);
      return [];
    });
  const methods: AnyAuthMethod[] = [
    ...keyMethods(place.keys),
    ...(agent === undefined ? [] : [{ type: "agent" as const, username, agent }]),
    ...keyMethods(place.otherKeys.filter((key) => !place.keys.includes(key))),
  ];
  if (password !== undefined)
    methods.push(
      { type: "password", username, password },
      {
        type: "keyboard-interactive",
        username,
        prompt: (_name, _instructions, _language, prompts, finish) => finish(prompts.map(() => password)),
      },
    );
  return { methods, passedOver };
}

function refused(
  { host, user }: SshPlace,
  error: Error & { level?: string },
  methods: readonly AnyAuthMethod[],
  passedOver: readonly string[],
): UserError {
  if (error.level === "client-authentication" || /authentication/i.test(error.message)) {
    const count = (type: string): number => methods.filter((method) => method.type === type).length;
    const tried = [
      ...(count("publickey") > 0 ? [`${count("publickey")} keys`] : []),
      ...(count("agent") > 0 ? ["the agent"] : []),
      ...(count("password") > 0 ? ["the password"] : []),
    ];
    const by = tried.length === 0 ? "nothing was there to show" : `tried: ${tried.join(", ")}`;
    return new UserError(`${host} does not let ${user} in (${[by, ...passedOver].join("; ")})`);
  }
  if (/no matching|handshake failed/i.test(error.message))
    return new UserError(`${host} speaks no SSH that is safe: ${error.message}`);
  return new Unreachable(`${host} broke off: ${error.message}`, { cause: error });
}
