import { metricsOf } from "../../src/core/measures/metrics/catalogue.ts";
import type { Metric } from "../../src/core/measures/metrics/metric.ts";
import { TASKS } from "../../src/core/measures/task.ts";
import { type Generated, MADE_BY } from "./generated.ts";

/** Every metric that a contract may name. */
export const metricsPage: Generated = { path: "docs/reference/metrics.md", make: page };

function page(): string {
  return `${[
    `<!-- ${MADE_BY} -->`,
    "# Metrics",
    "What `evaluate.metrics` and gates may name. A report has the usual ones of its task; those *on request* are measured " +
      "where `evaluate.metrics` or a gate names them. How they are meant, also where rows leave them undefined, and how sure they " +
      "are: [the figures](../evaluation/metrics.md) and [uncertainty](../evaluation/uncertainty.md).",
    ...TASKS.flatMap((task) => {
      const rows = metricsOf(task).map((metric) => `| ${cells(metric).join(" | ")} |`);
      const head = ["| name | what it is | better | | definition |", "| --- | --- | --- | --- | --- |"];
      return [`## ${task}`, [...head, ...rows].join("\n")];
    }),
  ].join("\n\n")}\n`;
}

function cells({ name, title, better, onRequest, source }: Metric): string[] {
  return [`\`${name}\``, title, better, onRequest === undefined ? "" : "on request", source];
}
