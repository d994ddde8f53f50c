import type { Octokit } from "@octokit/rest";
import { UserError } from "../../errors.ts";
import { type Exchange, GithubError } from "./failure.ts";
import { limitedFor, PATIENCE, type Patience, type Waiting, waiting } from "./patience.ts";

/** What the adapter knows of GitHub's clients; the one for Actions and the one for elsewhere both have it. */
export interface Client {
  readonly request: Octokit["request"];
  /** All pages of a list. */
  readonly paginate: Octokit["paginate"];
  readonly graphql: Octokit["graphql"];
  /** For addresses that are not the API's, to which the token is never sent. */
  readonly fetch: typeof globalThis.fetch;
  /**
   * Posts what is not there yet. Where the answer is cut, or is a server's failure, it looks again
   * before it posts again: GitHub may have done what it did not confirm.
   */
  once<T>(find: () => Promise<T | undefined>, post: () => Promise<T>): Promise<T>;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Options = NonNullable<ConstructorParameters<typeof Octokit>[0]>;

const quiet = (): void => {};

/**
 * A client of GitHub's API: inside of Actions that of `@actions/github`, which knows the runner's
 * proxies, elsewhere `@octokit/rest`. Both are paced as GitHub asks and wait as its answers say.
 *
 * @param token absent, only what is public can be read
 */
export async function openClient(
  token: string | undefined,
  environment: Environment,
  patience: Patience = PATIENCE,
): Promise<Client> {
  const baseUrl = (environment.GITHUB_API_URL ?? "https://api.github.com").replace(/\/+$/, "");
  const octokit = await open(token, environment, {
    baseUrl,
    userAgent: "trainyard",
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    // What is refused is asked again by ourselves: whatever the method, and for how long, matter.
    throttle: isLoopback(baseUrl)
      ? { enabled: false }
      : { onRateLimit: () => false, onSecondaryRateLimit: () => false },
  });
  const waits = waiting(patience);
  patiently(octokit, waits, baseUrl);
  const { request, paginate, graphql } = octokit;
  const { GITHUB_GRAPHQL_URL: url } = environment;
  return {
    request,
    paginate,
    graphql: url === undefined ? graphql : graphql.defaults({ url }),
    fetch: octokit.request.endpoint.DEFAULTS.request?.fetch ?? globalThis.fetch,
    once: (find, post) => once(find, post, waits),
  };
}

async function open(
  token: string | undefined,
  environment: Environment,
  options: Options,
): Promise<Pick<Octokit, "request" | "paginate" | "graphql" | "hook">> {
  const { throttling } = await import("@octokit/plugin-throttling");
  if (environment.GITHUB_ACTIONS === "true") {
    if (!token)
      throw new UserError(
        "no token to speak with GitHub; pass the input `token`, the workflow's own or another",
      );
    const { getOctokit } = await import("@actions/github");
    return getOctokit(token, options, throttling);
  }
  const { Octokit } = await import("@octokit/rest");
  return new (Octokit.plugin(throttling))(token ? { ...options, auth: token } : options);
}

/** Makes each request as often as it takes, reads its answer to the end, and explains a refusal. */
function patiently(octokit: Pick<Octokit, "hook">, waits: Waiting, baseUrl: string): void {
  octokit.hook.wrap("request", async (request, options) => {
    const method = options.method.toUpperCase();
    const path = pathOf(options, baseUrl);
    // Posted again, a thing would be there twice: whoever posts looks first whether it is there.
    const repeatable = method !== "POST" && options.request?.once !== true;
    const own = options.request?.signal;
    for (let attempt = 1; ; attempt++) {
      let exchange: Exchange;
      try {
        // Hooks further in see this very object and no other, so that it is changed in place.
        const signal = own ?? AbortSignal.timeout(waits.patience.answer);
        options.request = { ...options.request, signal, parseSuccessResponseBody: false };
        const response = await request(options);
        const leadsOn = response.status >= 300; // its body is for browsers
        response.data = await read(response.data, leadsOn ? "text/html" : response.headers["content-type"]);
        exchange = { method, path, ...response };
        if (limitedFor(exchange) === undefined) return response;
      } catch (error) {
        exchange = failed(method, path, error);
      }
      await waits.before(attempt, exchange, repeatable);
    }
  });
}

/** Reads a body to its end. One that is cut throws here, where the SDK would hand on an empty text. */
async function read(body: unknown, type = ""): Promise<unknown> {
  if (body === null || body === undefined || typeof body === "string") return body;
  const bytes = await new Response(body as ReadableStream).arrayBuffer();
  if (/^application\/(scim\+)?json\b/.test(type)) return JSON.parse(Buffer.from(bytes).toString("utf8"));
  return /^text\/|charset=utf-8/i.test(type) ? Buffer.from(bytes).toString("utf8") : new Uint8Array(bytes);
}

function failed(method: string, path: string, error: unknown): Exchange {
  const { response } = error as {
    response?: { status: number; headers: Exchange["headers"]; data: unknown };
  };
  if (response !== undefined) return { method, path, ...response };
  // The SDK's own, fetch's, that of an answer which is not whole, and those of a signal.
  const known = /^(HttpError|TypeError|SyntaxError|AbortError|TimeoutError)$/;
  if (!(error instanceof Error && known.test(error.name))) throw error;
  return { method, path, status: 0, headers: {}, data: "", cause: error.message };
}

/** The path with its parameters, as it is said to people. */
function pathOf(options: { readonly url: string }, baseUrl: string): string {
  const values = options as unknown as Readonly<Record<string, unknown>>;
  const filled = options.url
    .replace(/\{\?[^}]*\}$/, "")
    .replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? `{${name}}`));
  return filled.startsWith(baseUrl) ? filled.slice(baseUrl.length) : filled;
}

async function once<T>(
  find: () => Promise<T | undefined>,
  post: () => Promise<T>,
  waits: Waiting,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const there = await find();
    if (there !== undefined) return there;
    try {
      return await post();
    } catch (error) {
      if (!(error instanceof GithubError && error.unanswered)) throw error;
      try {
        await waits.between(attempt, error);
      } catch (giveUp) {
        const late = await find();
        if (late !== undefined) return late;
        throw giveUp;
      }
    }
  }
}

/** A server on this very machine has nobody to spare requests for. */
const isLoopback = (url: string): boolean =>
  /^(localhost|.*\.localhost|127\..*|\[::1\])$/.test(new URL(url).hostname);
