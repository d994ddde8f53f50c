import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";
import { plain } from "../../core/report/escape.ts";
import { UserError } from "../../errors.ts";
import { Unanswered } from "../../ports/tracking.ts";
import { exchange } from "../web/exchange.ts";

/** Where the server is, and how it is told who asks. */
export interface Server {
  /** Without credentials and without a slash at its end. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Milliseconds before the first further attempt; each later one waits twice as long. */
  readonly pause: number;
}

/** One question. */
export interface Question {
  readonly method: "GET" | "POST";
  /** Below `/api/2.0/mlflow/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Not to be asked twice, since it makes something each time. */
  readonly once?: boolean;
}

/** The server said no, in MLflow's own words. */
export class Refusal extends UserError {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

// What MLflow's own client asks again after (utils/request_utils.py, _TRANSIENT_FAILURE_RESPONSE_CODES).
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);
const ATTEMPTS = 6;
const LONGEST_PAUSE = 60_000;
/** As MLFLOW_HTTP_REQUEST_TIMEOUT is by default. */
const PATIENCE = 120_000;
/** A page of a thousand runs with a hundred metrics each has twenty. */
const MOST = 256 * 2 ** 20;

const refusal = z.object({ error_code: z.union([z.string(), z.number()]), message: z.string().optional() });

/**
 * Asks a tracking server, again where it was busy or did not answer.
 *
 * @throws {Refusal} where it says no
 * @throws {Unanswered} where `once` was asked and nobody knows
 * @throws {UserError} where nobody answers, or what answers is no tracking server
 */
export async function ask<T>(server: Server, question: Question, answers: z.ZodType<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const last = attempt === ATTEMPTS || question.once === true;
    const tried = await attemptOf(server, question);
    if (tried.state === "answered") return read(server, question, tried, answers);
    if (last) throw failed(server, question, tried.why);
    const pause = Math.min(tried.after ?? server.pause * 2 ** (attempt - 1), LONGEST_PAUSE);
    await wait(pause, undefined, { signal: server.signal }).catch(() => {
      throw failed(server, question, "interrupted");
    });
  }
}

type Tried =
  | { readonly state: "answered"; readonly status: number; readonly text: string }
  | { readonly state: "transient"; readonly why: string; readonly after?: number };

async function attemptOf(server: Server, { method, path, query, body }: Question): Promise<Tried> {
  const search = query === undefined ? "" : `?${new URLSearchParams(query).toString()}`;
  const found = await exchange({
    url: `${server.address}/api/2.0/mlflow/${path}${search}`,
    method,
    headers: {
      ...server.headers,
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    patience: PATIENCE,
    most: MOST,
    stop: server.signal,
    place: server.address,
  });
  if (!found.answered) return { state: "transient", why: plain(found.why, 200) };
  const { status, headers, text } = found;
  if (status >= 300 && status < 400) {
    const origin = originOf(headers.get("location"), server); // who is told the credentials is for the user to say
    throw new UserError(`${server.address} leads on to ${origin}; name that address with --uri`);
  }
  if (!TRANSIENT.has(status)) return { state: "answered", status, text };
  const after = Number(headers.get("retry-after"));
  const why = `${status} ${plain(saidIn(text) ?? "", 200)}`.trim();
  return { state: "transient", why, ...(after > 0 ? { after: after * 1000 } : {}) };
}

function read<T>(
  { address }: Server,
  { path }: Question,
  { status, text }: Extract<Tried, { state: "answered" }>,
  answers: z.ZodType<T>,
): T {
  const value = jsonOf(text);
  if (status >= 200 && status < 300) {
    const parsed = answers.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new UserError(
      `${address} answers ${path} as no MLflow tracking server does: ${plain(`${(issue?.path ?? []).join(".")} ${issue?.message ?? ""}`.trim(), 200)}`,
    );
  }
  if (status === 401 || status === 403) {
    throw new UserError(
      `${address} refuses with ${status}; set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN`,
    );
  }
  const parsed = refusal.safeParse(value);
  if (!parsed.success) {
    throw new UserError(`${address} answers ${path} with ${status}; is it an MLflow tracking server?`);
  }
  const { error_code: code, message = "" } = parsed.data;
  throw new Refusal(`${address} refuses ${path}: ${plain(message, 400)}`, String(code));
}

function failed({ address }: Server, { path, once }: Question, why: string): UserError {
  const message = `${address} did not answer ${path} (${why})`;
  return once === true ? new Unanswered(message) : new UserError(message);
}

const saidIn = (text: string): string | undefined => refusal.safeParse(jsonOf(text)).data?.message;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Scheme and host alone: the rest of where a server leads may hold anything. */
function originOf(location: string | null, { address }: Server): string {
  try {
    return new URL(location ?? "", address).origin;
  } catch {
    return "nowhere";
  }
}
