import { histogram, type Metric, metricsText, type Sample } from "../../core/serving/metrics.ts";
import { type ModelState, versionName } from "../../core/serving/state.ts";
import type { LogCounts } from "./log.ts";

/** Counts what a server does. */
export interface Meter {
  /** @param model empty where the request was of no model of ours */
  answered(model: string, status: number, seconds: number, rows: number): void;
  /** A request that was refused before it could be read. */
  refused(status: number): void;
  /** All requests that were answered, well or not. */
  requests(): number;
  predictions(): number;
  text(states: readonly ModelState[], log: LogCounts | undefined): string;
}

/** A meter at zero. */
export function meter(): Meter {
  const requests = new Map<string, { readonly model: string; readonly code: string; count: number }>();
  const durations = new Map<string, ReturnType<typeof histogram>>();
  const rowsOf = new Map<string, number>();
  let [all, predicted] = [0, 0];

  const count = (model: string, status: number): void => {
    const code = String(status);
    const entry = requests.get(`${model} ${code}`) ?? { model, code, count: 0 };
    entry.count++;
    all++;
    requests.set(`${model} ${code}`, entry);
  };

  return {
    answered(model, status, seconds, rows) {
      count(model, status);
      const duration = durations.get(model) ?? histogram();
      duration.observe(seconds);
      durations.set(model, duration);
      if (rows === 0) return;
      predicted += rows;
      rowsOf.set(model, (rowsOf.get(model) ?? 0) + rows);
    },
    refused: (status) => count("", status),
    requests: () => all,
    predictions: () => predicted,

    text(states, log) {
      const serving = states.flatMap(({ model, environment, serving: now }) =>
        now === undefined
          ? []
          : [{ labels: { model, environment, version: versionName(now), sha256: now.sha256 }, value: 1 }],
      );
      const metrics: Metric[] = [
        counter(
          "requests_total",
          "Requests that were answered, by status.",
          [...requests.values()].map(({ model, code, count: value }) => ({ labels: { model, code }, value })),
        ),
        {
          name: "trainyard_request_duration_seconds",
          help: "How long an answer took.",
          type: "histogram",
          samples: [...durations].flatMap(([model, duration]) => duration.samples({ model })),
        },
        counter(
          "predictions_total",
          "Rows that were predicted for.",
          [...rowsOf].map(([model, value]) => ({ labels: { model }, value })),
        ),
        gauge("model_info", "What is served.", serving),
        gauge(
          "model_ready",
          "Whether a model answers.",
          states.map(({ model, serving: now }) => ({ labels: { model }, value: now === undefined ? 0 : 1 })),
        ),
        gauge(
          "model_trouble",
          "Whether what is wanted is unknown, or is not what is served.",
          states.map(({ model, trouble }) => ({ labels: { model }, value: trouble === undefined ? 0 : 1 })),
        ),
      ];
      if (log !== undefined) {
        metrics.push(
          counter("log_written_total", "Rows in the prediction log.", [{ value: log.written }]),
          counter("log_dropped_total", "Rows that had no room to wait in.", [{ value: log.dropped }]),
          counter("log_failures_total", "Writes of the prediction log that failed.", [
            { value: log.failures },
          ]),
          gauge("log_waiting_bytes", "Rows that wait to be written.", [{ value: log.waiting }]),
        );
      }
      return metricsText(metrics);
    },
  };
}

const counter = (name: string, help: string, samples: readonly Sample[]): Metric => ({
  name: `trainyard_${name}`,
  help,
  type: "counter",
  samples,
});

const gauge = (name: string, help: string, samples: readonly Sample[]): Metric => ({
  ...counter(name, help, samples),
  type: "gauge",
});
