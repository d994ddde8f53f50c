import { STATUS_CODES } from "node:http";
import { UserError } from "../../../errors.ts";
import { Unreachable } from "../../../ports/bucket.ts";
import { WHO } from "../proxies/tunnel.ts";

/** Passes by itself: too early, too many, overloaded, being restarted, locked by another. */
const PASSING = new Set([408, 423, 425, 429, 500, 502, 503, 504]);

const ADVICE: Readonly<Record<number, string>> = {
  401: "check its user, password or token, and for http that `auth` says how they are sent",
  403: "whoever asks may not do this there",
  405: "the server does not take such a request there; for uploads, `method` can be PUT or POST",
  407: `the proxy does not know who asks; ${WHO}`,
  411: "the server does not take uploads like this",
  413: "the server takes no file of this size; raise its limit",
  501: "the server does not take such a request there; for uploads, `method` can be PUT or POST",
  507: "the server has no space left",
};

/** A server's answer that is none, as an error. */
export function refusal(
  where: string,
  doing: string,
  status: number,
  headers: Readonly<Record<string, string | readonly string[] | undefined>> = {},
): UserError {
  const found = `${where} answers ${status} ${STATUS_CODES[status] ?? ""}`.trimEnd();
  const said = `${found} to ${doing}`;
  if (PASSING.has(status)) {
    const after = waitOf(headers["retry-after"]);
    return new Unreachable(said, after === undefined ? {} : { after });
  }
  const advice = ADVICE[status];
  return new UserError(advice === undefined ? said : `${said}; ${advice}`);
}

/** Milliseconds, of seconds or of a date. */
function waitOf(header: string | readonly string[] | undefined, now = Date.now()): number | undefined {
  if (typeof header !== "string") return undefined;
  const wait = /^\d{1,6}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

const UNKNOWN_ISSUER =
  "its certificate is signed by an issuer that this machine does not know; `ssl_verify` can be the file of the issuer's certificate";

/** Errors of a connection that no retry puts right. */
const LASTING: Readonly<Record<string, string>> = {
  ENOTFOUND: "there is no such host",
  CERT_HAS_EXPIRED: "its certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_ISSUER,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_ISSUER,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_ISSUER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_ISSUER,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_ISSUER,
};

/** A connection that broke, as an error; what we threw ourselves stays. */
export function brokenOff(where: string, error: unknown): unknown {
  if (error instanceof UserError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const lasting = LASTING[code];
  if (lasting !== undefined) return new UserError(`${where} cannot be reached: ${lasting}`, { cause: error });
  if (/^(E[A-Z]+|HPE_[A-Z_]+|ERR_(SSL|TLS|STREAM)_[A-Z_]+|EPROTO)$/.test(code))
    return new Unreachable(
      `${where} broke off: ${code === "ECONNREFUSED" ? "it takes no connections" : message}`,
      {
        cause: error,
      },
    );
  return error;
}
