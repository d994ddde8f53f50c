import { terminalText } from "../report/escape.ts";
import { counted, formatEstimate, formatExact, formatNumber, UNKNOWN } from "../report/numbers.ts";
import { columns as aligned, type Cell, paint } from "../report/terminal/columns.ts";
import { verdictInk } from "../report/terminal/lines.ts";
import type { TerminalStyle } from "../report/terminal.ts";
import { formatBytes } from "../text/bytes.ts";
import { columnsOf, type Value } from "./columns.ts";
import type { Experiment } from "./record.ts";
import { columnNamed } from "./select.ts";

/** So many parameters and metrics are shown where nobody says which. */
const PARAMS = 4;
const METRICS = 3;

/**
 * The columns that tell experiments apart: where they come from, the parameters that differ, and the
 * metrics that come first.
 */
export function columnsToShow(experiments: readonly Experiment[]): readonly string[] {
  const { names, all } = columnsOf(experiments);
  const varies = (name: string): boolean =>
    new Set(experiments.map((one) => all.get(name)?.(one) ?? null)).size > 1;
  const metrics = names.filter((name) => name.startsWith("metrics."));
  const params = names.filter((name) => name.startsWith("params.") && varies(name));
  return [
    "id",
    ...["model", "branch", "source", "status"].filter(varies),
    "verdict",
    ...metrics.slice(0, METRICS),
    ...params.sort((a, b) => Number(isOwn(b)) - Number(isOwn(a))).slice(0, PARAMS),
  ];
}

/** A trainer's own parameters are tuned more often than what stands elsewhere in the contract. */
const isOwn = (name: string): boolean => !/^params\.(train|features|prepare|split|evaluate)\./.test(name);

/** Experiments as a table for a terminal, with what they are called in its first line. */
export function showExperiments(
  experiments: readonly Experiment[],
  names: readonly string[],
  style: TerminalStyle,
): string {
  const ink = paint(style.colour);
  const columns = columnsOf(experiments);
  const wanted = names.map((name) => columnNamed(columns, name));
  const head: Cell[] = wanted.map(({ name }) => ({
    text: terminalText(name.replace(/^(params|metrics)\./, ""), 60),
    colour: ink.dim,
  }));
  const rows = experiments.map((one) =>
    wanted.map(({ name, read }): Cell => {
      const value = read(one);
      const text = valueText(value, name.startsWith("metrics."));
      if (name === "verdict" && one.verdict !== null) return { text, colour: verdictInk(one.verdict, ink) };
      if (name === "status" && one.status !== "finished") return { text, colour: ink.red };
      return name === "id" ? { text, colour: ink.yellow } : { text };
    }),
  );
  return aligned([head, ...rows], style.width, 0).join("\n");
}

/**
 * A value as a person reads it.
 *
 * @example valueText(0.776038, true) // => "0.776"
 * @example valueText(0.003) // => "0.003"
 * @example valueText(null) // => "–"
 */
export function valueText(value: Value, measured = false): string {
  if (value === null) return UNKNOWN;
  if (typeof value === "number") return measured ? formatNumber(value) : formatExact(value);
  return terminalText(String(value), 200);
}

/** All of one experiment for a terminal. */
export function showExperiment(one: Experiment, style: TerminalStyle): string {
  const ink = paint(style.colour);
  const { digests, environment } = one;
  const facts: (readonly [string, string | null])[] = [
    ["model", `${one.model} (${one.folder})`],
    ["status", `${one.status}${one.message === null ? "" : `: ${one.message}`}`],
    ["verdict", one.verdict],
    ["started", `${one.started_at}${one.duration === null ? "" : `, ${one.duration.toFixed(1)} s`}`],
    ["by", one.user],
    [
      "commit",
      one.commit &&
        `${one.commit.slice(0, 12)}${one.branch === null ? "" : ` (${one.branch})`}${one.dirty === null ? "" : `, changed since: ${one.dirty.slice(0, 12)}`}`,
    ],
    ["pull request", one.pull === null ? null : String(one.pull)],
    ["look", one.url],
    ["set", one.set.length === 0 ? null : one.set.join(" ")],
    ["sha256", digests.model?.sha256 ?? null],
    ["fingerprint", digests.fingerprint],
    ...digests.data.map(
      ({ name, sha256, size }) =>
        [
          "data",
          `${name} ${(sha256 ?? "").slice(0, 12)}${size === null ? "" : `, ${formatBytes(size)}`}`,
        ] as const,
    ),
    ["code", digests.code && `${digests.code.sha256.slice(0, 12)}, ${counted(digests.code.files, "file")}`],
    ...digests.environment.map(
      ({ name, sha256 }) => ["locked", `${name} ${(sha256 ?? "").slice(0, 12)}`] as const,
    ),
    [
      "environment",
      [
        environment.tool,
        environment.node && `node ${environment.node}`,
        environment.platform,
        environment.backend,
      ]
        .filter((part) => part !== null)
        .join(", "),
    ],
  ];
  const table = (rows: readonly (readonly string[])[]): string[] =>
    aligned(
      rows.map(([name = "", ...cells]) => [
        { text: terminalText(name, 80), colour: ink.dim },
        ...cells.map((text) => ({ text: terminalText(text, 200) })),
      ]),
      style.width,
    );
  const metrics = one.metrics.map(({ name, value, interval, baseline, reason }) => [
    name,
    value === null ? (reason ?? UNKNOWN) : formatEstimate(value, interval),
    baseline === null ? "" : `production ${formatNumber(baseline)}`,
  ]);
  const part = (title: string, rows: readonly (readonly string[])[]): string[] =>
    rows.length === 0 ? [] : ["", ink.bold(title), ...table(rows)];
  return [
    ink.yellow(one.id),
    ...table(facts.flatMap(([name, text]) => (text === null ? [] : [[name, text]]))),
    ...part(
      "Parameters",
      Object.entries(one.params).map(([name, value]) => [name, valueText(value)]),
    ),
    ...part("Metrics", metrics),
    ...part(
      "Gates",
      one.gates.map(({ condition, verdict }) => [verdict, condition]),
    ),
    ...part(
      "Curves",
      one.curves.map(({ name, points }) => {
        const [first, last] = [points[0], points.at(-1)];
        return [
          name,
          `${counted(points.length, "step")}, ${formatNumber(first?.[1])} → ${formatNumber(last?.[1])}`,
        ];
      }),
    ),
    ...part("Tags", Object.entries(one.tags)),
  ].join("\n");
}
