import type { Environment } from "../open.ts";
import { proxyOf } from "../proxies/proxy.ts";
import { type Way, wayTo } from "../proxies/way.ts";
import { type Answer, type Ask, bodyFrom } from "./answer.ts";
import type { Pool, Reach } from "./pool.ts";

/**
 * Connections to a server by the proxy that the environment names; undefined where it names none. Node's own
 * client makes them: what it costs is little beside the way by a proxy.
 *
 * @param most connections at once
 */
export function proxiedPool(reach: Reach, most: number, environment: Environment): Pool | undefined {
  const { origin, verify, authorities, connectTimeout, readTimeout } = reach;
  if (proxyOf(origin, environment) === undefined) return undefined;
  const way = wayTo(origin, {
    environment,
    pool: { keepAlive: true, maxSockets: most, scheduling: "lifo" },
    tls: { rejectUnauthorized: verify, ...(authorities === undefined ? {} : { ca: authorities }) },
    within: connectTimeout,
  });
  return { ask: (request) => ask(way, request, readTimeout), close: () => way.agent.destroy() };
}

/** @param again whether a kept connection that the server had closed meanwhile is no error yet */
function ask(way: Way, request: Ask, within: number, again = true): Promise<Answer> {
  const { agent, begin, host, port } = way;
  const { method, path, headers, body } = request;
  return new Promise((resolve, reject) => {
    const asked = begin({
      ...{ agent, host, port, method, path: way.path(path), headers: { ...way.headers, ...headers } },
    });
    asked.setTimeout(within, () => {
      asked.destroy(Object.assign(new Error("it says nothing"), { code: "ETIMEDOUT" }));
    });
    asked.once("response", (message) => {
      resolve({ status: message.statusCode ?? 0, headers: message.headers, body: bodyFrom(message) });
    });
    asked.on("error", (error: NodeJS.ErrnoException) => {
      if (again && asked.reusedSocket && error.code === "ECONNRESET") {
        ask(way, request, within, false).then(resolve, reject);
      } else reject(error);
    });
    asked.end(body);
  });
}
