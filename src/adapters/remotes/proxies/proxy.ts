import { UserError } from "../../../errors.ts";
import type { Environment } from "../open.ts";

/** A proxy, as the environment names it. */
export interface HttpProxy {
  /** For messages, without credentials: `http://proxy.example.com:3128`. */
  readonly shown: string;
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** What tells it who asks; to no server are these sent. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The proxy by which a url is asked: `https_proxy` or `http_proxy`, by the url's own scheme, unless `no_proxy`
 * names its host. Of each name that in small letters counts first, as for Python and so for DVC.
 *
 * @throws {UserError} where it is none that can be spoken to
 *
 * @example proxyOf("https://a.example", { HTTPS_PROXY: "http://proxy:3128" }).shown // => "http://proxy:3128"
 * @example proxyOf("https://a.example", { HTTPS_PROXY: "proxy", no_proxy: ".example" }) // => undefined
 */
export function proxyOf(url: string, environment: Environment): HttpProxy | undefined {
  const { protocol, hostname, port } = new URL(url);
  const variable = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const inSmall = environment[variable.toLowerCase()];
  // A web server puts a header "Proxy" of whoever asks it into HTTP_PROXY, for programs that it runs.
  const fromRequest = variable === "HTTP_PROXY" && environment.REQUEST_METHOD !== undefined;
  const said = inSmall ?? (fromRequest ? undefined : environment[variable]);
  if (!said || isBypassed(hostname, port, environment.no_proxy ?? environment.NO_PROXY ?? ""))
    return undefined;
  const whole = said.includes("://") ? said : `http://${said}`;
  const found = URL.canParse(whole) ? new URL(whole) : undefined;
  if (found === undefined || !["http:", "https:"].includes(found.protocol) || found.hostname === "")
    throw new UserError(
      `${variable} names no proxy that can be spoken to; write it as http://HOST:PORT or https://HOST:PORT`,
    );
  const secure = found.protocol === "https:";
  const { username, password } = found;
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString("base64");
  return {
    shown: found.origin,
    secure,
    host: found.hostname.replace(/^\[|\]$/g, ""),
    port: Number(found.port || (secure ? 443 : 80)),
    headers: username === "" ? {} : { "proxy-authorization": `Basic ${credentials}` },
  };
}

/** Hosts and ends of hosts, with a port or without, between commas; `*` is all. */
function isBypassed(hostname: string, port: string, list: string): boolean {
  if (list.trim() === "*") return true;
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  return list.split(",").some((one) => {
    const name = one.trim().toLowerCase().replace(/^\.+/, "");
    if (name === "") return false;
    return [host, `${host}:${port}`, `[${host}]`].some(
      (asked) => asked === name || asked.endsWith(`.${name}`),
    );
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
