import { BINARY } from "../task.ts";
import { averagesOf, type ByClass, ofPositive, ratio } from "./averages.ts";
import { type DecisionMetric, SCIKIT_LEARN } from "./metric.ts";

const fBeta =
  (beta: number): ByClass =>
  (hits, decided, truth, empty) =>
    ratio((1 + beta * beta) * hits, decided + beta * beta * truth, empty);

/** The F of a beta: recall counts beta times as much as precision. 0 where both are 0; NaN without rows. */
function family(name: string, title: string, beta: number): readonly DecisionMetric[] {
  const source = `${SCIKIT_LEARN}, fbeta_score(beta=${beta})`;
  const positive: DecisionMetric = {
    name,
    title,
    tasks: BINARY,
    better: "higher",
    range: [0, 1],
    needs: "decisions",
    source,
    onRequest: true,
    support: ({ decided, truth, hits }) => (decided[1] ?? 0) + (truth[1] ?? 0) - (hits[1] ?? 0),
    of: ofPositive(fBeta(beta)),
  };
  return [positive, ...averagesOf({ name, title, source, onRequest: true }, fBeta(beta))];
}

/** F2, for which a missed positive is worse than a false one, of the positive class and averaged. */
export const f2 = family("f2", "F2", 2);

/** F0.5, for which a false positive is worse than a missed one, of the positive class and averaged. */
export const f05 = family("f0_5", "F0.5", 0.5);
