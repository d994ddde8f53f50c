import { stringify } from "yaml";
import type { CardFacts } from "../registry/card.ts";
import { plain } from "../report/escape.ts";
import type { Report } from "../report/report.ts";
import { firstFigures } from "../report/wording.ts";

/*
 * The metadata with which a model card begins on Hugging Face: YAML between two lines of "---"
 * (huggingface/hub-docs, modelcard.md). Everything in it is one line of visible text.
 */

/** Hugging Face's name for a task on tables. */
const PIPELINES: Readonly<Record<string, string>> = {
  "binary-classification": "tabular-classification",
  "multiclass-classification": "tabular-classification",
  multilabel: "tabular-classification",
  regression: "tabular-regression",
  forecast: "time-series-forecasting",
  ranking: "text-ranking",
};

/** So many metrics are named; the card's own tables have all. */
const METRICS = 20;

/** The metadata's lines, with both lines of "---" and an empty line after them. */
export function cardMetadata(facts: CardFacts): string {
  const { model, contract, report, record } = facts;
  const words = contract?.card ?? {};
  const task = contract?.task ?? report?.task;
  const pipeline = task === undefined ? undefined : PIPELINES[task];
  const metrics = metricsOf(facts);
  const metadata = {
    ...(words.language === undefined ? {} : { language: words.language.map((code) => plain(code, 10)) }),
    ...(words.license === undefined ? {} : { license: plain(words.license.toLowerCase(), 100) }),
    library_name: "trainyard",
    ...(pipeline === undefined ? {} : { pipeline_tag: pipeline }),
    tags: [...new Set(["trainyard", "tabular", ...(words.tags ?? [])])].map((tag) => plain(tag, 100)),
    ...(words.datasets === undefined ? {} : { datasets: words.datasets.map((name) => plain(name, 200)) }),
    ...(metrics.length === 0 ? {} : { metrics: metrics.map(({ type }) => type) }),
    ...(metrics.length === 0
      ? {}
      : {
          "model-index": [
            {
              name: plain(model, 100),
              results: [
                {
                  task: {
                    type: pipeline ?? "tabular-classification",
                    ...(task === undefined ? {} : { name: task }),
                  },
                  dataset: datasetOf(facts),
                  metrics,
                  ...(facts.address === undefined || record === undefined || record.pull === null
                    ? {}
                    : {
                        source: {
                          name: "Trainyard's verdict",
                          url: `${facts.address}/pull/${record.pull}`,
                        },
                      }),
                },
              ],
            },
          ],
        }),
  };
  const text = stringify(metadata, { lineWidth: 0, aliasDuplicateObjects: false });
  return `---\n${text}---\n\n`;
}

/** What was measured on: the rows held back of the first data file. */
function datasetOf({ model, contract, data, report }: CardFacts) {
  const [first] = data;
  const named = contract?.card?.datasets?.map((one) => plain(one, 200))[0];
  const name = plain((first?.name ?? named ?? model).split("/").at(-1) ?? model, 100);
  return {
    type: named ?? name,
    name,
    split: "holdout",
    ...(first?.sha256 === undefined ? {} : { revision: first.sha256 }),
    ...(report === undefined ? {} : { args: { rows: report.subject.rows.holdout } }),
  };
}

interface MetadataMetric {
  readonly type: string;
  readonly value: number;
  readonly name: string;
  readonly args?: { readonly low: number; readonly high: number; readonly confidence: number };
}

function metricsOf({ report, record }: CardFacts): MetadataMetric[] {
  if (report !== undefined) return inOrder(report).flatMap(metricOf).slice(0, METRICS);
  return Object.entries(record?.metrics ?? {})
    .flatMap(([name, value]) =>
      value === null ? [] : [{ type: plain(name, 100), value, name: plain(name, 100) }],
    )
    .slice(0, METRICS);
}

/** The figures that matter first, then the others. */
function inOrder(report: Report): readonly Report["metrics"][number][] {
  const first = firstFigures(report);
  return [...first, ...report.metrics.filter((metric) => !first.includes(metric))];
}

function metricOf({ name, title, value, interval }: Report["metrics"][number]): MetadataMetric[] {
  if (value === null) return [];
  const { low, high, confidence } = interval ?? {};
  const args =
    low === undefined || high === undefined || confidence === undefined
      ? {}
      : { args: { low, high, confidence } };
  return [{ type: plain(name, 100), value, name: plain(title, 100), ...args }];
}
