import { isGitHubs, type RegistryAddress } from "../../../core/artifacts/registry-address.ts";
import { UserError } from "../../../errors.ts";
import type { Login } from "./credentials.ts";
import { type Answer, type Ask, bodyOf, done, type Exchange } from "./exchange.ts";

/** What a token lets its holder do. */
export type Rights = "pull" | "pull,push" | "pull,push,delete" | "delete";

/** Asks a registry in the name of whoever may. */
export interface Session {
  /** @throws {UserError} where the registry refuses */
  ask(rights: Rights, question: Ask): Promise<Answer>;
}

/** Registries whose tokens are made by another host of the same people. */
const ISSUERS: Readonly<Record<string, string>> = {
  "registry-1.docker.io": "auth.docker.io",
  "registry.gitlab.com": "gitlab.com",
};
const LARGEST_TOKEN = 1 << 16;

/**
 * A session with one repository of a registry. It finds out by the first refusal how the registry wants
 * to be asked: by nobody in particular, with a login, or with a token that its issuer gives for the login.
 */
export function openSession(address: RegistryAddress, login: Login | undefined, exchange: Exchange): Session {
  let challenge: Challenge | undefined;
  const tokens = new Map<Rights, Promise<string>>();

  const token = async (rights: Rights, { realm, service }: Bearer): Promise<string> => {
    const url = new URL(realm);
    url.searchParams.set("scope", `repository:${address.name}:${rights}`);
    if (service !== undefined) url.searchParams.set("service", service);
    const answer = await exchange.ask({
      method: "GET",
      url,
      headers: login === undefined ? {} : { authorization: basic(login) },
    });
    const text = (await bodyOf(answer, LARGEST_TOKEN)).toString("utf8");
    if (answer.status !== 200) throw refusal(address, login, rights, answer.status);
    return tokenIn(text, url.host);
  };

  const authorization = async (rights: Rights): Promise<string | undefined> => {
    if (challenge === undefined) return undefined;
    if (challenge.kind === "basic") return login === undefined ? undefined : basic(login);
    let asked = tokens.get(rights);
    if (asked === undefined) {
      asked = token(rights, challenge);
      tokens.set(rights, asked);
      asked.catch(() => tokens.delete(rights));
    }
    return `Bearer ${await asked}`;
  };

  return {
    async ask(rights, question) {
      for (let tries = 1; ; tries++) {
        const name = await authorization(rights);
        const headers = { ...question.headers, ...(name === undefined ? {} : { authorization: name }) };
        const answer = await exchange.ask({ ...question, headers });
        if (answer.status !== 401 && answer.status !== 403) return answer;
        done(answer);
        if (answer.status === 403 || tries === 3) throw refusal(address, login, rights, answer.status);
        const first = challenge === undefined;
        challenge = challengeOf(address, String(answer.headers["www-authenticate"] ?? ""));
        tokens.delete(rights); // it may have run out
        if (challenge.kind === "basic" && (login === undefined || !first)) {
          throw refusal(address, login, rights, answer.status);
        }
      }
    },
  };
}

interface Bearer {
  readonly kind: "bearer";
  readonly realm: string;
  readonly service: string | undefined;
}
type Challenge = Bearer | { readonly kind: "basic" };

/** How a registry wants to be asked. @throws {UserError} where that would hand a login to somebody else */
export function challengeOf(address: RegistryAddress, header: string): Challenge {
  if (/^basic\b/i.test(header)) return { kind: "basic" };
  const parts = new Map(
    [...header.matchAll(/([a-z]+)="([^"]*)"/gi)].map(([, key = "", value = ""]) => [
      key.toLowerCase(),
      value,
    ]),
  );
  const realm = parts.get("realm");
  if (!/^bearer\b/i.test(header) || realm === undefined || !URL.canParse(realm)) {
    throw new UserError(
      `${address.host} asks for a kind of login that is not supported; it takes Basic or Bearer`,
    );
  }
  const { protocol, host } = new URL(realm);
  const due = ISSUERS[address.host] ?? address.host;
  if (host !== due || protocol !== new URL(address.origin).protocol) {
    throw new UserError(
      `${address.host} sends for tokens to ${JSON.stringify(realm)}, which is not ${due}; nothing was sent there`,
    );
  }
  return { kind: "bearer", realm, service: parts.get("service") };
}

function basic({ user, password }: Login): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

function tokenIn(text: string, host: string): string {
  let found: { token?: unknown; access_token?: unknown } | null = null;
  try {
    found = JSON.parse(text);
  } catch {}
  const token = found?.token ?? found?.access_token;
  if (typeof token === "string" && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new UserError(`${host} answers with no token where one was asked for`);
}

function refusal(
  address: RegistryAddress,
  login: Login | undefined,
  rights: Rights,
  status: number,
): UserError {
  const doing = rights === "pull" ? "read" : rights.includes("push") ? "write to" : "delete from";
  const who = login === undefined ? "anybody without a login" : `"${login.user}"`;
  const scope = rights === "pull" ? "packages: read" : "packages: write";
  const advice = isGitHubs(address)
    ? `in a workflow give the job "${scope}" and the step GITHUB_TOKEN, elsewhere run \`docker login ghcr.io\``
    : `run \`docker login ${address.host}\`, or set TRAINYARD_REGISTRY, TRAINYARD_REGISTRY_USER and TRAINYARD_REGISTRY_PASSWORD`;
  return new UserError(`${address.url} does not let ${who} ${doing} it (${status}); ${advice}`);
}
