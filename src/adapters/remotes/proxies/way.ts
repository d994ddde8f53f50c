import * as http from "node:http";
import * as https from "node:https";
import type { Environment } from "../open.ts";
import { proxyOf } from "./proxy.ts";
import { TunnelAgent } from "./tunnel.ts";

/** How requests to a server are made: straight, or by the proxy that the environment names. */
export interface Way {
  readonly begin: typeof http.request;
  readonly agent: http.Agent;
  /** Where the connection goes. */
  readonly host: string;
  readonly port: number;
  /** Headers that each request has besides its own. */
  readonly headers: Readonly<Record<string, string>>;
  /** The way's end as messages name it. */
  readonly shown: string;
  /** A path and its query, as the request says it. */
  path(path: string): string;
}

/** How connections are kept and trusted. */
export interface Keeping {
  readonly environment: Environment;
  readonly pool: http.AgentOptions;
  readonly tls: Pick<https.AgentOptions, "ca" | "cert" | "key" | "rejectUnauthorized">;
  /** Milliseconds until a proxy has made a connection. */
  readonly within: number;
}

/**
 * The way to a server. Nothing is connected yet.
 *
 * @param origin http or https
 */
export function wayTo(origin: string, { environment, pool, tls, within }: Keeping): Way {
  const { protocol, hostname, port, host } = new URL(origin);
  const secure = protocol === "https:";
  const proxy = proxyOf(origin, environment);
  const straight = {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || (secure ? 443 : 80)),
    headers: {},
    shown: proxy === undefined ? origin : `${origin}, by the proxy ${proxy.shown},`,
    path: (path: string) => path,
  };
  const safely = { ...pool, ...tls };
  if (proxy === undefined) {
    const agent = secure ? new https.Agent(safely) : new http.Agent(pool);
    return { ...straight, agent, begin: secure ? https.request : http.request };
  }
  if (secure) return { ...straight, agent: new TunnelAgent(safely, proxy, within), begin: https.request };
  return {
    ...straight,
    begin: proxy.secure ? https.request : http.request,
    agent: proxy.secure ? new https.Agent(pool) : new http.Agent(pool),
    host: proxy.host,
    port: proxy.port,
    headers: { host, ...proxy.headers },
    path: (path) => `http://${host}${path}`,
  };
}
