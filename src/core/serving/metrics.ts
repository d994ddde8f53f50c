/*
 * Metrics in the text format of Prometheus. Labels are models and statuses of our own: what a caller
 * writes never becomes one.
 */

/** One name with its values. */
export interface Metric {
  /** `trainyard_requests_total` */
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: readonly Sample[];
}

/** One value of a metric. */
export interface Sample {
  /** What a histogram puts behind the name: `_bucket`, `_sum`, `_count`. */
  readonly suffix?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * The text that Prometheus reads.
 *
 * @example metricsText([{ name: "up", help: "Whether it runs.", type: "gauge", samples: [{ labels: { model: "a" }, value: 1 }] }]) // => '# HELP up Whether it runs.\n# TYPE up gauge\nup{model="a"} 1\n'
 */
export function metricsText(metrics: readonly Metric[]): string {
  return metrics
    .map(({ name, help, type, samples }) =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(
          ({ suffix = "", labels = {}, value }) => `${name}${suffix}${labelText(labels)} ${number(value)}`,
        ),
        "",
      ].join("\n"),
    )
    .join("");
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"\n]/g, escaped)}"`,
  );
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
}

const escaped = (letter: string): string => (letter === "\n" ? "\\n" : `\\${letter}`);

const number = (value: number): string =>
  value === Infinity ? "+Inf" : value === -Infinity ? "-Inf" : String(value);

/** Seconds at which requests are counted into buckets. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** How long something took, many times. */
export interface Histogram {
  observe(seconds: number): void;
  samples(labels: Readonly<Record<string, string>>): readonly Sample[];
}

/** An empty histogram of durations. */
export function histogram(): Histogram {
  const counts = new Float64Array(BOUNDS.length + 1);
  let sum = 0;
  return {
    observe(seconds) {
      const bucket = BOUNDS.findIndex((bound) => seconds <= bound);
      counts[bucket < 0 ? BOUNDS.length : bucket] = (counts[bucket < 0 ? BOUNDS.length : bucket] ?? 0) + 1;
      sum += seconds;
    },
    samples(labels) {
      let total = 0;
      const buckets = [...BOUNDS, Infinity].map((bound, index) => {
        total += counts[index] ?? 0;
        return { suffix: "_bucket", labels: { ...labels, le: number(bound) }, value: total };
      });
      return [...buckets, { suffix: "_sum", labels, value: sum }, { suffix: "_count", labels, value: total }];
    },
  };
}
