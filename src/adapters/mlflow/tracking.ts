import { EXIT, UserError } from "../../errors.ts";
import type { TrackedBatch, TrackedMetric, TrackedText, Tracking } from "../../ports/tracking.ts";
import { ANSWERED } from "./answers.ts";
import { ask, Refusal, type Server } from "./request.ts";

// MLflow's own limits for runs/log-batch (mlflow/utils/validation.py).
const METRICS = 1000;
const TEXTS = 100;
/** A request may have a million bytes; what stands around the values is less than a tenth. */
const BYTES = 800_000;
/** Runs, and values of a metric, on a page. */
const PAGE = 1000;
/** More pages than this are a server that never ends. */
const MOST_PAGES = 10_000;
/** A page may be empty though others follow; so many of them one after the other are no answer. */
const EMPTY_PAGES = 10;

/** What the surroundings say, and what the caller names. */
export interface Asked {
  readonly uri: string | undefined;
  readonly signal: AbortSignal;
  readonly pause?: number;
}

/**
 * An MLflow tracking server over its REST API 2.0. Address and credentials are read as MLflow's own client
 * reads them: MLFLOW_TRACKING_URI, and MLFLOW_TRACKING_USERNAME with MLFLOW_TRACKING_PASSWORD before
 * MLFLOW_TRACKING_TOKEN.
 *
 * @throws {UserError} exit 2 where no server is named, or what is named is none
 */
export function mlflowTracking(
  { uri, signal, pause = 500 }: Asked,
  environment: Readonly<Record<string, string | undefined>>,
): Tracking {
  const server = serverOf(uri ?? environment.MLFLOW_TRACKING_URI, environment, signal, pause);
  return {
    address: server.address,
    experimentName: environment.MLFLOW_EXPERIMENT_NAME || undefined,

    async experiment(name) {
      const found = await softly(() =>
        ask(
          server,
          { method: "GET", path: "experiments/get-by-name", query: { experiment_name: name } },
          ANSWERED.experiment,
        ),
      );
      if (found === undefined) return undefined;
      const { experiment_id: id, lifecycle_stage: stage } = found.experiment;
      if (stage === "active") return id;
      throw new UserError(
        `the experiment "${name}" at ${server.address} is deleted; restore it there, or name another one`,
      );
    },

    async createExperiment(name) {
      try {
        const question = { method: "POST", path: "experiments/create", body: { name } } as const;
        return (await ask(server, question, ANSWERED.created)).experiment_id;
      } catch (error) {
        if (!(error instanceof Refusal && error.code === "RESOURCE_ALREADY_EXISTS")) throw error;
        const there = await this.experiment(name);
        if (there === undefined) throw error;
        return there;
      }
    },

    async *runs(experiment, tag) {
      const filter = tag === undefined ? {} : { filter: filterOf(tag) };
      let token: string | undefined;
      const seen = new Set<string>();
      let empty = 0;
      for (let page = 0; page < MOST_PAGES && empty < EMPTY_PAGES; page++) {
        const body = {
          experiment_ids: [experiment],
          max_results: PAGE,
          run_view_type: "ACTIVE_ONLY",
          ...filter,
          ...(token === undefined ? {} : { page_token: token }),
        };
        const found = await ask(server, { method: "POST", path: "runs/search", body }, ANSWERED.runs);
        yield* found.runs;
        token = found.next_page_token;
        if (token === undefined || token === "") return;
        if (seen.has(token)) {
          throw new UserError(`${server.address} names the same page of runs again and again`);
        }
        seen.add(token);
        empty = found.runs.length === 0 ? empty + 1 : 0;
      }
      throw new UserError(`${server.address} names ever more pages of runs, of which none is the last`);
    },

    async createRun(experiment, { name, start, user, tags }) {
      const body = {
        experiment_id: experiment,
        run_name: name,
        start_time: start,
        user_id: user,
        tags: tags.slice(0, TEXTS),
      };
      const made = await ask(server, { method: "POST", path: "runs/create", body, once: true }, ANSWERED.run);
      return made.run.id;
    },

    async log(run, batch) {
      for (const part of batches(batch)) {
        const body = { run_id: run, ...part, metrics: part.metrics.map(written) };
        await ask(server, { method: "POST", path: "runs/log-batch", body }, ANSWERED.nothing);
      }
    },

    async end(run, status, end) {
      const body = { run_id: run, status, end_time: end };
      await ask(server, { method: "POST", path: "runs/update", body }, ANSWERED.nothing);
    },

    async deleteRun(run) {
      await softly(() =>
        ask(server, { method: "POST", path: "runs/delete", body: { run_id: run } }, ANSWERED.nothing),
      );
    },

    async history(run, key, most) {
      const values: TrackedMetric[] = [];
      let token = "";
      const seen = new Set<string>();
      let empty = 0;
      for (let page = 0; page < MOST_PAGES && values.length < most && empty < EMPTY_PAGES; page++) {
        const query = {
          run_id: run,
          metric_key: key,
          max_results: String(Math.min(PAGE, most)),
          ...(token === "" ? {} : { page_token: token }),
        };
        const found = await ask(
          server,
          { method: "GET", path: "metrics/get-history", query },
          ANSWERED.history,
        );
        for (const value of found.metrics) values.push(value); // a page may hold more than arguments may
        token = found.next_page_token ?? "";
        if (token === "" || seen.has(token)) break;
        seen.add(token);
        empty = found.metrics.length === 0 ? empty + 1 : 0;
      }
      return values.slice(0, most);
    },
  };
}

function serverOf(
  named: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  pause: number,
): Server {
  const usage = (message: string): UserError => new UserError(message, { exit: EXIT.usage });
  if (named === undefined || named === "") {
    throw usage("no tracking server is named; give --uri, or set MLFLOW_TRACKING_URI");
  }
  const url = URL.canParse(named) ? new URL(named) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw usage(
      "--uri takes a server's http:// or https:// address; for files or a database, start `mlflow server` on them",
    );
  }
  const { MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password } = environment;
  const token = environment.MLFLOW_TRACKING_TOKEN?.trim();
  const login = user && password ? `${user}:${password}` : loginIn(url);
  if (login === undefined && token !== undefined && !/^[\x21-\x7e]*$/.test(token)) {
    throw usage("MLFLOW_TRACKING_TOKEN does not hold a token: it has spaces or line ends");
  }
  const headers: Record<string, string> =
    login !== undefined
      ? { authorization: `Basic ${Buffer.from(login).toString("base64")}` }
      : token
        ? { authorization: `Bearer ${token}` }
        : {};
  return { address: `${url.origin}${url.pathname.replace(/\/+$/, "")}`, headers, signal, pause };
}

/** Who asks, as an address says it; undefined where it does not. */
function loginIn({ username, password }: URL): string | undefined {
  if (username === "") return undefined;
  try {
    return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  } catch {
    throw new UserError(
      "the name or the password in the server's address is not percent-encoded; write %25 for %, %40 for @, or set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD",
      { exit: EXIT.usage },
    );
  }
}

/** Ids and names of our own: a quote would end the text, so there is none in it. */
const filterOf = ({ key, value }: TrackedText): string =>
  `tags.\`${key.replaceAll("`", "")}\` = '${value.replaceAll("'", "")}'`;

/** JSON has no number for some that MLflow keeps; protobuf's JSON writes them as text. */
const written = ({ value, ...rest }: TrackedMetric) => ({
  ...rest,
  value: Number.isFinite(value) ? value : String(value),
});

/** What the limits of one request let through at once: so many of each, and so many bytes. */
function* batches({ metrics, params, tags }: TrackedBatch): Iterable<TrackedBatch> {
  for (const part of parts(params, TEXTS)) yield { metrics: [], params: part, tags: [] };
  for (const part of parts(tags, TEXTS)) yield { metrics: [], params: [], tags: part };
  for (const part of parts(metrics, METRICS)) yield { metrics: part, params: [], tags: [] };
}

function* parts<T>(all: readonly T[], most: number): Iterable<T[]> {
  let part: T[] = [];
  let bytes = 0;
  for (const one of all) {
    const size = Buffer.byteLength(JSON.stringify(one));
    if (part.length > 0 && (part.length === most || bytes + size > BYTES)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(one);
    bytes += size;
  }
  if (part.length > 0) yield part;
}

/** Undefined where the server knows of no such thing. */
async function softly<T>(question: () => Promise<T>): Promise<T | undefined> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof Refusal && error.code === "RESOURCE_DOES_NOT_EXIST") return undefined;
    throw error;
  }
}
