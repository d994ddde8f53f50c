import { readFileSync } from "node:fs";
import type { RemoteSetting } from "../../../core/artifacts/dvc-config.ts";
import { UserError } from "../../../errors.ts";
import type { RemoteOptions } from "../options.ts";

/** A url of a remote, taken apart. */
export interface WebUrl {
  /** For requests and for messages: http or https, without credentials and `/` at its end. */
  readonly root: string;
  readonly host: string;
  /** Without the port. */
  readonly hostname: string;
  /** What stands before the `@`, decoded; empty where there is nothing. */
  readonly user: string;
  readonly password: string;
}

/**
 * Reads the url of a remote that is spoken to over HTTP; `webdav://` is HTTP and `webdavs://` HTTPS.
 *
 * @throws {UserError} where it is none, or has a query, which paths cannot be added to
 */
export function webUrl({ name, url }: RemoteSetting): WebUrl {
  const text = url.value.replace(/^webdav(s?):/i, "http$1:");
  const wrong = (why: string): UserError =>
    new UserError(`the url of remote "${name}" ${why}`, { at: url.at });
  if (!URL.canParse(text)) throw wrong("is none");
  const { protocol, host, hostname, pathname, username, password, search, hash } = new URL(text);
  if (search !== "" || hash !== "")
    throw wrong('has a "?" or "#"; what stands there belongs into the remote\'s options');
  return {
    root: `${protocol}//${host}${pathname.replace(/\/+$/, "")}`,
    host,
    hostname,
    user: decoded(username),
    password: decoded(password),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `ssl_verify`, and for WebDAV the client's own certificate. */
export function tlsOf(options: RemoteOptions): {
  ca?: string;
  cert?: string;
  key?: string;
  rejectUnauthorized?: boolean;
} {
  const verify = options.text("ssl_verify");
  const named = (key: string): string => {
    const path = options.file(key) ?? "";
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      throw options.wrong(key, `cannot be read from ${path}: ${(error as Error).message}`);
    }
  };
  const cert = options.text("cert_path") === undefined ? undefined : named("cert_path");
  const key = options.text("key_path") === undefined ? cert : named("key_path");
  return {
    ...(verify === undefined || /^(true|false)$/i.test(verify) ? {} : { ca: named("ssl_verify") }),
    ...(verify?.toLowerCase() === "false" ? { rejectUnauthorized: false } : {}),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}
