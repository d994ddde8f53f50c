import type { GateRow, Report } from "./report.ts";

/**
 * A report that tells verdicts and no number of the rows that it was measured on: neither what was measured, nor
 * how many rows there were, nor what stands behind a verdict. What is left fits the same renderings.
 *
 * @param why one sentence without a full stop, as a reader sees it
 */
export function verdictsOnly(report: Report, why: string): Report {
  const { schema, model, task, owner, problem, verdict, baseline } = report;
  const { thresholds: _, ...subject } = report.subject;
  return {
    schema,
    model,
    task,
    owner,
    problem,
    verdict,
    sentence: `Verdicts alone are shown, and no numbers: ${why}.`,
    withheld: why,
    subject: {
      ...subject,
      rows: { train: null, validation: null, holdout: 0 },
      threshold: null,
      decided: null,
    },
    baseline,
    changes: [],
    gates: report.gates.map(verdictOnly),
    metrics: [],
    shown: 0,
    confusion: null,
    curves: {
      roc: [],
      roc_baseline: [],
      precision_recall: [],
      precision_recall_baseline: [],
      calibration: [],
      residuals: [],
    },
    fairness: [],
    checks: [],
    history: [],
    warnings: [],
  };
}

function verdictOnly({ condition, verdict, when_inconclusive, state, line, waived }: GateRow): GateRow {
  return {
    ...{ condition, verdict, when_inconclusive, state, line },
    ...{ value: null, interval: null, limit: null, explanation: "its value is not shown" },
    ...(waived === undefined ? {} : { waived }),
  };
}
