import { BINARY } from "../task.ts";
import { ratio } from "./averages.ts";
import { type DecisionMetric, SCIKIT_LEARN } from "./metric.ts";

/** Of the negative rows, the share decided so. 0 where no row is negative; NaN without rows. */
export const specificity: DecisionMetric = {
  name: "specificity",
  title: "Specificity",
  tasks: BINARY,
  better: "higher",
  range: [0, 1],
  needs: "decisions",
  source: `${SCIKIT_LEARN}, recall_score(pos_label=0)`,
  onRequest: true,
  support: ({ truth }) => truth[0] ?? 0,
  of: ({ rows, truth, hits, empty }) => (rows === 0 ? Number.NaN : ratio(hits[0] ?? 0, truth[0] ?? 0, empty)),
  share: { of: ({ hits, truth }) => ({ count: hits[0] ?? 0, of: truth[0] ?? 0 }), among: 0 },
};

/** The geometric mean of recall and specificity. NaN where one of the two classes has no rows. */
export const gMean: DecisionMetric = {
  name: "g_mean",
  title: "G-mean",
  tasks: BINARY,
  better: "higher",
  range: [0, 1],
  needs: "decisions",
  source: "Kubat and Matwin, Addressing the curse of imbalanced training sets (1997); not in scikit-learn",
  onRequest: true,
  undefined: "only one class has rows",
  support: ({ truth }) => Math.min(truth[0] ?? 0, truth[1] ?? 0),
  of: ({ truth, hits }) => Math.sqrt(((hits[0] ?? 0) / (truth[0] ?? 0)) * ((hits[1] ?? 0) / (truth[1] ?? 0))),
};
