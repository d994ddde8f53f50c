import type { IncomingHttpHeaders } from "node:http";
import type { GithubEvent } from "../contract.ts";
import { ROUTES } from "./all-routes.ts";
import { type Answer, notFound, Refused, unauthorized, unprocessable } from "./answers.ts";
import { claimsOf } from "./apps.ts";
import { answerGraphql } from "./graphql.ts";
import type { Counter } from "./limits.ts";
import type { Description } from "./openapi.ts";
import { require } from "./permissions.ts";
import { type Call, match, record } from "./routes.ts";
import { type Identity, identify, nobody, tokenOf } from "./tokens.ts";
import { findRepository, type World } from "./world.ts";

/** One request to the API, as it came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  emit(event: GithubEvent): void;
}

/** What the API is checked and counted by. */
export interface Api {
  readonly world: World;
  readonly counter: Counter;
  readonly description: Description;
  violation(words: string): void;
}

const BROKEN = "Problems parsing JSON";

function bodyOf({ headers, bytes }: Asked): unknown {
  const sent = bytes.length > 0 && /json|^$|octet-stream/.test(headers["content-type"] ?? "");
  if (!sent) return undefined;
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new Refused({ status: 400, body: { message: BROKEN } });
  }
}

const looksSigned = (token: string | undefined): boolean => token?.split(".").length === 3;

/** Answers the REST API and GraphQL: who asks, how often, whether they may, whether the request is right. */
export async function answerApi(api: Api, asked: Asked): Promise<Answer> {
  const { world, counter, description } = api;
  const { method, path } = asked;
  const token = tokenOf(asked.headers.authorization);
  const graphql = method === "POST" && path === "/api/graphql";
  const found = graphql ? undefined : match(ROUTES, method, path);
  // An app signs its own requests; whose signature it is, the handler finds out.
  const byApp = found !== undefined && !found.route.ofRepository && looksSigned(token);
  const who = byApp ? nobody(world) : identify(world, token);
  const uploads = asked.url.pathname.startsWith("/api/uploads/");
  const body = uploads ? undefined : bodyOf(asked);
  const writes = graphql ? /\bmutation\b/.test(String(record(body).query)) : method !== "GET" && !byApp;
  // As itself, an app has a limit of its own; nobody in particular shares one of sixty requests.
  const counted: Identity = byApp ? { ...who, kind: "app", key: `itself ${claimsOf(token ?? "").iss}` } : who;
  const headers = counter.count(counted, writes && who.kind !== "nobody", world.now().getTime());
  const with_ = (answer: Answer): Answer => ({ ...answer, headers: { ...headers, ...answer.headers } });
  const call: Call = {
    world,
    who,
    emit: asked.emit,
    path,
    params: found?.params ?? {},
    query: asked.url.searchParams,
    body: record(body),
    bytes: asked.bytes,
    headers: asked.headers,
  };
  try {
    if (!found) return with_(await answerGraphql(call));
    return with_(await answerRoute(api, call, found.route, body, uploads));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (found) check(api, found.route.operation, error.answer);
    return with_(error.answer);
  }

  function check(to: Api, operation: string, answer: Answer): void {
    const problem = description.answer(operation, answer);
    if (problem) to.violation(`${operation} answered ${answer.status}: ${problem}`);
  }

  async function answerRoute(
    to: Api,
    one: Call,
    route: NonNullable<typeof found>["route"],
    sent: unknown,
    raw: boolean,
  ): Promise<Answer> {
    const name = `${one.params.owner}/${one.params.repo}`;
    const repository = route.ofRepository ? findRepository(world, name) : undefined;
    if (route.ofRepository) {
      if (!repository) throw notFound();
      require(who, repository, route.needs, route.role);
      if (writes && who.kind === "nobody") throw unauthorized("Requires authentication");
    }
    const problem = raw ? undefined : description.request(route.operation, one.params, one.query, sent);
    if (problem) {
      to.violation(`${route.operation} was asked wrongly: ${problem}`);
      throw unprocessable(`Invalid request.\n\n${problem}`);
    }
    // Routes that are about no repository do not look at it.
    const answer = await route.answer({ ...one, repository: repository as NonNullable<typeof repository> });
    check(to, route.operation, answer);
    return answer;
  }
}
