import { createHash, randomBytes } from "node:crypto";

/** How a server is told who asks. */
export interface Credentials {
  /** Headers that say so; they go to no other server than the remote's own. */
  headers(method: string, path: string): Readonly<Record<string, string>>;
  /**
   * Takes what a server wants to be answered; true where asking again can help.
   *
   * @param refused the headers of what was refused
   */
  challenged?(challenge: string, refused: Readonly<Record<string, string>>): boolean;
  /** True while the server has not yet said what it wants to be answered. */
  unchallenged?(): boolean;
}

/** Nobody says who asks. */
export const anonymous: Credentials = { headers: () => ({}) };

/** One header, the same each time. */
export function headerCredentials(name: string, value: string): Credentials {
  return { headers: () => ({ [name]: value }) };
}

/** RFC 7617. */
export function basicCredentials(user: string, password: string): Credentials {
  return headerCredentials("authorization", `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`);
}

/** RFC 7616: a hash of the password and of what the server said, never the password itself. */
export function digestCredentials(user: string, password: string, random = randomBytes): Credentials {
  let challenge: ReadonlyMap<string, string> | undefined;
  let count = 0;
  return {
    unchallenged: () => challenge === undefined,

    challenged(header, refused) {
      const found = digestChallenge(header);
      if (found === undefined) return false;
      const answered = refused.authorization !== undefined;
      if (answered && found.get("stale")?.toLowerCase() !== "true") return false;
      if (challenge === undefined || answered) {
        challenge = found;
        count = 0;
      }
      return true;
    },

    headers(method, path) {
      if (challenge === undefined) return {};
      count++;
      const { realm = "", nonce = "", opaque, algorithm = "MD5" } = Object.fromEntries(challenge);
      const hash = (text: string): string =>
        createHash(/^sha-256/i.test(algorithm) ? "sha256" : "md5")
          .update(text)
          .digest("hex");
      const nc = count.toString(16).padStart(8, "0");
      const cnonce = random(8).toString("hex");
      const secret = hash(`${user}:${realm}:${password}`);
      const a1 = /-sess$/i.test(algorithm) ? hash(`${secret}:${nonce}:${cnonce}`) : secret;
      const a2 = hash(`${method}:${path}`);
      const qop = challenge.has("qop") ? "auth" : undefined;
      const response = hash(
        qop === undefined ? `${a1}:${nonce}:${a2}` : `${a1}:${nonce}:${nc}:${cnonce}:${qop}:${a2}`,
      );
      const parts = [
        `username=${quoted(user)}`,
        `realm=${quoted(realm)}`,
        `nonce=${quoted(nonce)}`,
        `uri=${quoted(path)}`,
        `response="${response}"`,
        `algorithm=${algorithm}`,
        ...(qop === undefined ? [] : [`qop=${qop}`, `nc=${nc}`, `cnonce="${cnonce}"`]),
        ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
      ];
      return { authorization: `Digest ${parts.join(", ")}` };
    },
  };
}

/** What of `WWW-Authenticate` concerns us; undefined where the server wants something else. */
function digestChallenge(header: string): ReadonlyMap<string, string> | undefined {
  const [, text] = /(?:^|,)\s*Digest\s+(.*)$/i.exec(header.slice(0, 8192)) ?? [];
  if (text === undefined) return undefined;
  const parts = new Map<string, string>();
  for (const [, key = "", inQuotes, bare = ""] of text.matchAll(
    /([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/gi,
  )) {
    if (!parts.has(key.toLowerCase()))
      parts.set(key.toLowerCase(), inQuotes?.replace(/\\(.)/g, "$1") ?? bare);
  }
  const known = /^(md5|sha-256)(-sess)?$/i.test(parts.get("algorithm") ?? "MD5");
  const qop = parts.get("qop");
  const simple = qop === undefined || qop.split(",").some((one) => one.trim() === "auth");
  return parts.has("nonce") && known && simple ? parts : undefined;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
