import { htmlText } from "../report/escape.ts";
import { bytesOf, fitParts, type Part } from "../report/html/fit.ts";
import { card, codeHtml, sub, tableHtml, tag } from "../report/html/markup.ts";
import { STYLE } from "../report/html/style.ts";
import { counted, formatEstimate, UNKNOWN } from "../report/numbers.ts";
import { parallelPlot } from "../report/plots/parallel.ts";
import { bestOf, type Compared, compareExperiments } from "./compare.ts";
import type { Experiment } from "./record.ts";
import { valueText } from "./show.ts";

/** More axes are a forest; the table has the rest. */
const AXES = 12;
const METRICS = 4;
const COLUMNS = 20;
/** Bytes, as a report's page has at most. */
const MOST = 2_000_000;

const MORE = `
.line.strand{stroke:var(--quiet);stroke-width:1.25;opacity:.5}
.catch{fill:none;stroke:transparent;stroke-width:9;pointer-events:stroke}
a:hover .line,a:focus .line{stroke:var(--orange);stroke-width:3;opacity:1}
tr:target{background:color-mix(in srgb,var(--orange) 16%,var(--paper))}
.scroll svg{max-width:none}
svg .tick{paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round;pointer-events:none}
`.replaceAll("\n", "");

/**
 * Experiments on one page of at most 2 MB: parallel coordinates, and below them the same as tables. No script,
 * nothing loaded.
 */
export function experimentsPage(experiments: readonly Experiment[]): string {
  const compared = compareExperiments(experiments);
  const metrics = compared.differs.filter(({ name }) => name.startsWith("metrics."));
  const first = metrics[0]?.name.slice("metrics.".length);
  const best = first === undefined ? undefined : bestOf(experiments, first);
  const models = [...new Set(experiments.map(({ model }) => model))].join(", ");
  const begin = [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">',
    `<title>Experiments · ${htmlText(models, 80)} · Trainyard</title>`,
    `<style>${STYLE}${MORE}</style></head><body><main>`,
    `<header class="verdict none"><h1><span class="word">${counted(experiments.length, "experiment")}</span><span class="model">${htmlText(models, 80)}</span></h1>`,
    best === undefined || first === undefined
      ? ""
      : `<p class="sentence">The best ${codeHtml(first, 80)} is ${htmlText(estimateOf(best, first))}, of ${codeHtml(best.id)}.</p>`,
    "</header>",
  ].join("\n");
  const end = [
    "</main><footer>Made by Trainyard from the experiments' records, which hold every number on this page.</footer></body></html>",
    "",
  ].join("\n");
  const part = (id: string, render: Part["render"]): Part => ({ id, title: "", render });
  const { parts } = fitParts(
    [
      part("coordinates", (rows) => coordinates(compared, best, first, rows)),
      part("listed", (rows) => listed(compared, best, rows)),
      part("differences", (rows) => differences(compared, rows)),
    ],
    MOST - bytesOf(begin) - bytesOf(end) - 1000, // what stands around the parts
  );
  const shown = parts.map(({ id, html }) =>
    id === "coordinates" ? html : `<div class="wide">${html}</div>`,
  );
  return [begin, ...shown, end].join("\n");
}

const linkOf = (index: number): string => `experiment-${index}`;

function coordinates(
  { differs, experiments }: Compared,
  best: Experiment | undefined,
  first: string | undefined,
  lines: number,
): string {
  const params = differs.filter(({ name }) => name.startsWith("params."));
  const metrics = differs.filter(({ name }) => name.startsWith("metrics.")).slice(0, METRICS);
  const rows = [...params.slice(0, AXES - metrics.length), ...metrics];
  const svg = parallelPlot(
    "Experiments as parallel coordinates",
    `${counted(experiments.length, "line")}, an axis for each of ${rows.map(({ name }) => bare(name)).join(", ")}. The table below has the same numbers.`,
    rows.map(({ name, values }) => ({ title: bare(name), values: values.slice(0, lines) })),
    experiments
      .slice(0, lines)
      .map((one, index) => ({ name: one.id, link: linkOf(index), best: one === best })),
  );
  if (svg === null) return "";
  const note = [
    ...(best === undefined ? [] : [`the strong line has the best ${first}`]),
    ...(params.length > AXES - metrics.length ? ["more parameters differ than there are axes"] : []),
    ...(experiments.length > lines ? [`the first ${lines} are drawn`] : []),
  ].join("; ");
  return card(
    "What was tried, and what came of it",
    `<div class="scroll" role="region" aria-label="Parallel coordinates" tabindex="0">${svg}</div>`,
    note,
  );
}

/** A row for each experiment: the lines of the plot lead here. */
function listed({ differs, experiments }: Compared, best: Experiment | undefined, most: number): string {
  const rows = differs.filter(({ name }) => /^(params|metrics)\./.test(name)).slice(0, COLUMNS);
  const headings = [
    { title: "Experiment", kind: "text" } as const,
    { title: "Verdict" },
    ...rows.map(({ name }) => ({ title: bare(name), number: true as const })),
  ];
  const table = tableHtml("Experiments", headings, experiments.slice(0, most), (one, index) => [
    `${codeHtml(one.id.split("-")[1] ?? one.id)}${sub(htmlText([one === best ? "the best" : "", one.started_at.slice(0, 16).replace("T", " "), one.branch ?? ""].filter((part) => part !== "").join(", "), 80))}`,
    one.verdict === null ? htmlText(one.status) : tag(one.verdict, one.verdict),
    ...rows.map(({ name, values }) =>
      name.startsWith("metrics.")
        ? htmlText(estimateOf(one, bare(name)))
        : htmlText(valueText(values[index] ?? null), 60),
    ),
  ]);
  let index = 0;
  const marked = table.replace(/<tr>(?=<th scope="row")/g, () => `<tr id="${linkOf(index++)}">`);
  const some = experiments.length > most ? `, of the first ${most}` : "";
  return card("Experiments", marked, `parameters and metrics that differ${some}`);
}

function differences({ differs, same, experiments }: Compared, most: number): string {
  const rest = differs.filter(({ name }) => !/^(params|metrics)\./.test(name));
  const columns = experiments.slice(0, COLUMNS);
  if (rest.length === 0)
    return card("What else differs", `<p class="quiet">Nothing; ${counted(same, "value")} are the same.</p>`);
  const headings = [
    { title: "What", kind: "text" } as const,
    ...columns.map(({ id }) => ({ title: id, kind: "text" as const })),
  ];
  const table = tableHtml("What else differs", headings, rest.slice(0, most), ({ name, values }) => [
    codeHtml(name, 80),
    ...columns.map((_, index) => codeHtml(shortened(values[index] ?? null), 60)),
  ]);
  const hint = [
    ...(experiments.length > COLUMNS ? [`of the first ${COLUMNS}`] : []),
    ...(rest.length > most ? [`the first ${most} of ${rest.length}`] : []),
  ].join(", ");
  return card("What else differs", table, hint);
}

const shortened = (value: Parameters<typeof valueText>[0]): string =>
  valueText(typeof value === "string" && /^[0-9a-f]{40,}$/.test(value) ? value.slice(0, 12) : value);

const bare = (name: string): string => name.replace(/^(params|metrics)\./, "");

function estimateOf({ metrics }: Experiment, name: string): string {
  const found = metrics.find((metric) => metric.name === name);
  return found === undefined ? UNKNOWN : formatEstimate(found.value, found.interval);
}
