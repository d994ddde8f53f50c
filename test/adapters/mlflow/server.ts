import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

/** What a request was, and how it was signed. */
export interface Heard {
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly authorization: string | undefined;
}

type Text = { key: string; value: string };
type Metric = { key: string; value: number | string; timestamp: number; step: number };

/** A run as this server keeps it. */
export interface Kept {
  readonly id: string;
  readonly experiment: string;
  readonly name: string;
  status: string;
  readonly start: number;
  end: number | undefined;
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
  readonly metrics: Map<string, Metric[]>;
}

/** A tracking server in this process, which holds to MLflow's limits as the real one does. */
export interface Server {
  readonly uri: string;
  readonly heard: Heard[];
  readonly runs: Map<string, Kept>;
  /** Answers in place of the server where it says something: `drop` ends the connection once the work is done. */
  instead: (
    heard: Heard,
    count: number,
  ) => { status: number; text: string; headers?: Record<string, string> } | "drop" | undefined;
}

const NAME = /^[/\w.\- :]*$/;

export async function openServer(context: TestContext, page = 2): Promise<Server> {
  const experiments = new Map<string, string>();
  const runs = new Map<string, Kept>();
  const heard: Heard[] = [];
  const logged = new Set<string>();
  let made = 0;
  const http = createServer((request, response) => void answer(request, response));
  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
  context.after(() => {
    http.closeAllConnections();
    http.close();
  });
  const server: Server = {
    uri: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    heard,
    runs,
    instead: () => undefined,
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "", server.uri);
    const text = Buffer.concat(chunks).toString();
    const body = (text === "" ? Object.fromEntries(url.searchParams) : JSON.parse(text)) as Record<
      string,
      unknown
    >;
    const path = url.pathname.replace("/api/2.0/mlflow/", "");
    const one = { path, body, authorization: request.headers.authorization };
    heard.push(one);
    const instead = server.instead(one, heard.length);
    if (instead !== undefined && instead !== "drop") {
      response.writeHead(instead.status, instead.headers).end(instead.text);
      return;
    }
    const [status, value] = text.length > 1e6 ? refusal("the request is too large") : work(path, body);
    if (instead === "drop") {
      response.destroy();
      return;
    }
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  }

  const refusal = (message: string, code = "INVALID_PARAMETER_VALUE"): [number, unknown] => [
    code === "RESOURCE_DOES_NOT_EXIST" ? 404 : 400,
    { error_code: code, message },
  ];

  function work(path: string, body: Record<string, unknown>): [number, unknown] {
    switch (path) {
      case "experiments/get-by-name": {
        const id = experiments.get(String(body.experiment_name));
        if (id === undefined) return refusal("no such experiment", "RESOURCE_DOES_NOT_EXIST");
        return [200, { experiment: { experiment_id: id, lifecycle_stage: "active" } }];
      }
      case "experiments/create": {
        if (experiments.has(String(body.name))) return refusal("it is there", "RESOURCE_ALREADY_EXISTS");
        experiments.set(String(body.name), String(experiments.size));
        return [200, { experiment_id: experiments.get(String(body.name)) }];
      }
      case "runs/create": {
        const run: Kept = {
          id: `${(1000 - made++).toString()}run`,
          experiment: String(body.experiment_id),
          name: String(body.run_name),
          status: "RUNNING",
          start: Number(body.start_time),
          end: undefined,
          params: new Map(),
          tags: new Map((body.tags as Text[]).map(({ key, value }) => [key, value])),
          metrics: new Map(),
        };
        runs.set(run.id, run);
        return [200, { run: shown(run) }];
      }
      case "runs/log-batch": {
        const run = runs.get(String(body.run_id));
        if (run === undefined) return refusal("no such run", "RESOURCE_DOES_NOT_EXIST");
        const params = (body.params ?? []) as Text[];
        const tags = (body.tags ?? []) as Text[];
        const metrics = (body.metrics ?? []) as Metric[];
        if (params.length > 100 || tags.length > 100 || metrics.length > 1000)
          return refusal("too many at once");
        for (const { key, value } of [...params, ...tags, ...metrics]) {
          if (!NAME.test(key) || key.length > 250 || key === "") return refusal(`the name ${key}`);
          if (typeof value === "string" && value.length > 8000) return refusal(`the value of ${key}`);
          if (typeof value === "string" && value.includes("\0")) return refusal(`the value of ${key}`);
        }
        for (const { key, value } of params) {
          if (value.length > 6000) return refusal(`the value of ${key}`);
          if ((run.params.get(key) ?? value) !== value) return refusal(`${key} is another`);
          run.params.set(key, value);
        }
        for (const { key, value } of tags) run.tags.set(key, value);
        for (const metric of metrics) {
          const id = `${run.id} ${JSON.stringify(metric)}`;
          if (logged.has(id)) continue; // as the database's key has it
          logged.add(id);
          const there = run.metrics.get(metric.key);
          if (there === undefined) run.metrics.set(metric.key, [metric]);
          else there.push(metric);
        }
        return [200, {}];
      }
      case "runs/update": {
        const run = runs.get(String(body.run_id));
        if (run === undefined) return refusal("no such run", "RESOURCE_DOES_NOT_EXIST");
        run.status = String(body.status);
        run.end = Number(body.end_time);
        return [200, { run_info: {} }];
      }
      case "runs/delete":
        runs.delete(String(body.run_id));
        return [200, {}];
      case "runs/search": {
        const [, key = "", value] = /^tags\.`(.*)` = '(.*)'$/.exec(String(body.filter ?? "")) ?? [];
        const found = [...runs.values()].filter(
          (run) =>
            (body.experiment_ids as string[]).includes(run.experiment) &&
            (value === undefined || run.tags.get(key) === value),
        );
        const from = Number(body.page_token ?? 0);
        const next = from + page < found.length ? { next_page_token: String(from + page) } : {};
        return [200, { runs: found.slice(from, from + page).map(shown), ...next }];
      }
      case "metrics/get-history":
        return [200, { metrics: runs.get(String(body.run_id))?.metrics.get(String(body.metric_key)) ?? [] }];
      default:
        return [404, "not found"];
    }
  }
  return server;
}

function shown(run: Kept): unknown {
  const texts = (map: Map<string, string>): Text[] => [...map].map(([key, value]) => ({ key, value }));
  return {
    info: {
      run_id: run.id,
      run_name: run.name,
      status: run.status,
      start_time: String(run.start),
      ...(run.end === undefined ? {} : { end_time: run.end }),
    },
    data: {
      params: texts(run.params),
      tags: texts(run.tags),
      metrics: [...run.metrics.values()].flatMap((all) => [...all].sort((a, b) => b.step - a.step)[0] ?? []),
    },
  };
}
