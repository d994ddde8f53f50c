import { createHash, createHmac } from "node:crypto";

/** A line of `known_hosts`. */
export interface KnownHost {
  readonly marker: "revoked" | "authority" | undefined;
  /** Patterns, or one hashed name. */
  readonly names: string;
  /** As in the key itself: `ssh-ed25519`. */
  readonly type: string;
  readonly key: Buffer;
  /** `FILE:LINE`, for messages. */
  readonly at: string;
}

/** What is known of a host's key. */
export type Acquaintance =
  | { readonly known: "yes" }
  | { readonly known: "no" }
  | { readonly known: "revoked" | "changed"; readonly at: string };

/**
 * Reads a file of known hosts; a line that is none is passed over, as ssh does.
 *
 * @example knownHosts("a.example ssh-ed25519 AAAA\n# b\n", "f")[0].at // => "f:1"
 */
export function knownHosts(text: string, file: string): readonly KnownHost[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const [, mark, names, type, key] =
      /^\s*(?:@(cert-authority|revoked)\s+)?([^\s#@]\S*)\s+(\S+)\s+([A-Za-z0-9+/=]+)/.exec(line) ?? [];
    if (names === undefined || type === undefined || key === undefined) return [];
    const marker = mark === undefined ? undefined : mark === "revoked" ? "revoked" : "authority";
    return [{ marker, names, type, key: Buffer.from(key, "base64"), at: `${file}:${index + 1}` }];
  });
}

/** Those of the lines that speak of a host, under the name that ssh gives it: `[host]:port` off port 22. */
export function linesOf(lines: readonly KnownHost[], host: string, port: number): readonly KnownHost[] {
  const name = port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
  return lines.filter(({ names }) => speaksOf(names, name));
}

/** Whether a host that shows a key is one that we know. */
export function acquaintance(lines: readonly KnownHost[], key: Buffer): Acquaintance {
  const same = lines.filter((line) => line.key.equals(key));
  const revoked = same.find(({ marker }) => marker === "revoked");
  if (revoked !== undefined) return { known: "revoked", at: revoked.at };
  const plain = lines.filter(({ marker }) => marker === undefined);
  if (plain.some((line) => line.key.equals(key))) return { known: "yes" };
  const [other] = plain;
  return other === undefined ? { known: "no" } : { known: "changed", at: other.at };
}

/** The type that a key says of itself. */
export function keyType(key: Buffer): string {
  const length = key.length < 4 ? 0 : key.readUInt32BE(0);
  return length > 64 ? "" : key.subarray(4, 4 + length).toString("latin1");
}

/** As ssh shows it: `SHA256:…`. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

function speaksOf(names: string, name: string): boolean {
  const [, salt, hash] = /^\|1\|([^|]+)\|([^|]+)$/.exec(names) ?? [];
  if (salt !== undefined)
    return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
  return matchesHost(names.split(","), name);
}

/**
 * Whether patterns of ssh fit a name: `*` is anything, `?` one letter, and one with `!` that fits makes it none.
 *
 * @example matchesHost(["*.example", "!b.example"], "a.example") // => true
 * @example matchesHost(["*.example", "!b.example"], "b.example") // => false
 */
export function matchesHost(patterns: readonly string[], name: string): boolean {
  const fits = (pattern: string): boolean => fitsPattern(pattern.toLowerCase(), name.toLowerCase());
  if (patterns.some((pattern) => pattern.startsWith("!") && fits(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith("!") && fits(pattern));
}

/** In steps of pattern times name, whatever they are. */
function fitsPattern(pattern: string, name: string): boolean {
  let reached = new Set([0]);
  for (const letter of pattern) {
    const next = new Set<number>();
    for (const at of reached) {
      if (letter === "*") for (let to = at; to <= name.length; to++) next.add(to);
      else if (at < name.length && (letter === "?" || letter === name[at])) next.add(at + 1);
    }
    reached = next;
  }
  return reached.has(name.length);
}
