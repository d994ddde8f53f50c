import type { ClientRequest, IncomingMessage } from "node:http";
import { UserError } from "../../../errors.ts";
import { type Outgoing, Unreachable } from "../../../ports/bucket.ts";
import type { Environment } from "../open.ts";
import { type Way, wayTo } from "../proxies/way.ts";
import type { Credentials } from "./credentials.ts";
import { pour } from "./pour.ts";
import { brokenOff, refusal } from "./trouble.ts";

/** Where a server is, and how it is talked to. */
export interface WebPlace {
  /** The remote's root: http or https, without credentials, query and `/` at its end. */
  readonly root: string;
  readonly credentials: Credentials;
  readonly tls: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly rejectUnauthorized?: boolean;
  };
  /** Milliseconds until there is a connection, and between two signs of life. */
  readonly connectWithin: number;
  readonly readWithin: number;
  readonly lanes: number;
  /** Which may name proxies. */
  readonly environment: Environment;
}

export interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Outgoing;
}

/** Asks one server; what it answers is the caller's to judge, except for redirects and challenges. */
export interface WebClient {
  readonly root: string;
  /** Asks about a key, about the root where it is empty, or about a whole url. */
  ask(method: string, about: string | URL, asking?: Asking): Promise<IncomingMessage>;
  /** The whole url of a key. */
  urlOf(key: string): URL;
  close(): void;
}

const MOST_REDIRECTS = 5;

/** A client of one remote. Nothing is asked yet. */
export function webClient(place: WebPlace): WebClient {
  const { root, credentials, tls, connectWithin, readWithin, lanes, environment } = place;
  const own = new URL(root);
  const pool = { keepAlive: true, maxSockets: lanes, scheduling: "lifo" } as const;
  const ways = new Map<string, Way>();
  const wayOf = ({ origin }: URL): Way => {
    const way = ways.get(origin) ?? wayTo(origin, { environment, pool, tls, within: connectWithin });
    ways.set(origin, way);
    return way;
  };

  async function once(url: URL, method: string, headers: Record<string, string>, body?: Outgoing) {
    const way = wayOf(url);
    const { agent, host, port } = way;
    const where = url.origin === own.origin ? way.shown.replace(own.origin, root) : way.shown;
    return new Promise<IncomingMessage>((resolve, reject) => {
      const asked = way.begin({
        ...{ method, agent, host, port },
        path: way.path(`${url.pathname}${url.search}`),
        headers: { host: url.host, ...headers, ...way.headers },
      });
      let answer: IncomingMessage | undefined;
      const silent = (): void => {
        const error = new Unreachable(`${where} said nothing for ${readWithin / 1000} s`);
        (answer ?? asked).destroy(error);
      };
      connectInTime(asked, connectWithin, where);
      asked.setTimeout(readWithin, silent);
      asked.on("error", (error) => reject(brokenOff(where, error)));
      const poured = body === undefined ? asked.end() : pour(body, asked);
      asked.on("response", (message) => {
        answer = message;
        message.on("error", () => {}); // whoever reads it is told
        if (!asked.writableEnded && (message.statusCode ?? 0) >= 300) {
          message.once("close", () => asked.destroy());
          resolve(message);
        } else Promise.resolve(poured).then(() => resolve(message), reject);
      });
      if (poured instanceof Promise)
        poured.catch((error: unknown) => {
          asked.destroy();
          reject(brokenOff(where, error));
        });
    });
  }

  async function ask(
    method: string,
    about: string | URL,
    { headers = {}, body }: Asking = {},
  ): Promise<IncomingMessage> {
    if (body !== undefined && credentials.unchallenged?.()) await spend(await ask("HEAD", ""));
    let url = typeof about === "string" ? urlOf(root, about) : about;
    let challenged = false;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; ) {
      const path = `${url.pathname}${url.search}`;
      const whose = url.origin === own.origin ? credentials.headers(method, path) : {};
      const sent = {
        "accept-encoding": "identity",
        "user-agent": "trainyard",
        ...(body === undefined ? {} : { "content-length": `${body.size}` }),
        ...headers,
        ...whose,
      };
      const answer = await once(url, method, sent, body);
      const { statusCode: status = 0 } = answer;
      const challenge = answer.headers["www-authenticate"];
      if (status === 401 && challenge !== undefined && !challenged && url.origin === own.origin) {
        challenged = true;
        if (credentials.challenged?.(challenge, whose)) {
          await spend(answer);
          continue;
        }
      }
      if (![301, 302, 303, 307, 308].includes(status)) return answer;
      await spend(answer);
      url = redirected(root, method, status, url, answer.headers.location);
      redirects++;
    }
    throw new UserError(`${root} redirects more than ${MOST_REDIRECTS} times`);
  }

  return {
    root,
    ask,
    urlOf: (key) => urlOf(root, key),
    close() {
      for (const { agent } of ways.values()) agent.destroy();
    },
  };
}

/** A connection is there in time, or the request ends. */
function connectInTime(asked: ClientRequest, within: number, root: string): void {
  asked.once("socket", (socket) => {
    if (!socket.connecting) return;
    const late = new Unreachable(`${root} gives no connection within ${within / 1000} s`);
    const timer = setTimeout(() => asked.destroy(late), within);
    socket.once(asked.protocol === "https:" ? "secureConnect" : "connect", () => clearTimeout(timer));
    socket.once("close", () => clearTimeout(timer));
  });
}

function urlOf(root: string, key: string): URL {
  const path = key.split("/").map(encodeURIComponent).join("/");
  return new URL(path === "" ? `${root}/` : `${root}/${path}`);
}

/** Where a server sends us; never from a safe connection to one that anybody reads along. */
function redirected(root: string, method: string, status: number, from: URL, location = ""): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  const asks = method === "GET" || method === "HEAD";
  if (to === undefined || !["http:", "https:"].includes(to.protocol) || (!asks && status < 307))
    throw refusal(root, method, status);
  if (from.protocol === "https:" && to.protocol === "http:")
    throw new UserError(`${root} redirects to ${to.host} without https, where anybody may read along`);
  to.username = "";
  to.password = "";
  return to;
}

/** More of an answer that nobody wants is not waited for. */
const MOST_SPENT = 64 << 10;

/** Reads an answer to its end, so that its connection can be used again; a long one is cut off. */
export async function spend(answer: IncomingMessage): Promise<void> {
  let size = 0;
  try {
    for await (const chunk of answer) {
      size += (chunk as Uint8Array).length;
      if (size > MOST_SPENT) return;
    }
  } catch {} // what it said is known from its head
}
