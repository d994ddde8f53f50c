import type { IncomingHttpHeaders } from "node:http";

/** One request, as it goes out. */
export interface Ask {
  readonly method: string;
  /** With its query, encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** What stands before the bytes of an answer. */
export interface Head {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Whether another request may follow on the same connection. */
  readonly stays: boolean;
}

const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** Nothing that would end a line, and no text that one byte each cannot say. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const PATH = /^[\x21-\x7e]+$/;

/**
 * The head of a request, up to and with the empty line.
 *
 * @throws {TypeError} where something would end a line early
 * @example printHead({ method: "GET", path: "/a?b=1", headers: { range: "bytes=0-9" } }, "host:9000") // => "GET /a?b=1 HTTP/1.1\r\nhost: host:9000\r\nrange: bytes=0-9\r\n\r\n"
 */
export function printHead({ method, path, headers }: Ask, host: string): string {
  if (!PATH.test(path)) throw new TypeError(`"${path}" is no path of a request`);
  let text = `${method} ${path} HTTP/1.1\r\n`;
  if (headers.host === undefined) text += `host: ${host}\r\n`;
  for (const name in headers) {
    const value = headers[name] ?? "";
    if (!NAME.test(name) || !VALUE.test(value)) throw new TypeError(`the header "${name}" cannot be sent`);
    text += `${name}: ${value}\r\n`;
  }
  return `${text}\r\n`;
}

/** Not what a server of HTTP/1.1 says. */
export function malformed(what: string): Error {
  return Object.assign(new Error(what), { code: "HPE_INVALID" });
}

const STATUS = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: |$)/;

/**
 * Reads the head of an answer, without the empty line.
 *
 * @throws {Error} where it is none
 * @example parseHead("HTTP/1.1 200 OK\r\nETag: \"x\"\r\nContent-Length: 2") // => { status: 200, headers: { etag: "\"x\"", "content-length": "2" }, stays: true }
 */
export function parseHead(text: string): Head {
  const lines = text.split("\r\n");
  const [, minor, status] = STATUS.exec(lines[0] ?? "") ?? [];
  if (status === undefined) throw malformed("it begins with no status");
  const headers: Record<string, string> = {};
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (!NAME.test(name)) throw malformed("a header has no name");
    const value = line.slice(colon + 1).trim();
    const before = headers[name];
    if (before !== undefined && name === "content-length" && before !== value) {
      throw malformed("two lengths are said");
    }
    headers[name] = before === undefined || name === "content-length" ? value : `${before}, ${value}`;
  }
  const connection = headers.connection?.toLowerCase() ?? "";
  const stays = minor === "1" ? !/\bclose\b/.test(connection) : /\bkeep-alive\b/.test(connection);
  return { status: Number(status), headers, stays };
}
