import { digestOf } from "../artifacts/digest.ts";
import { joinPath } from "../artifacts/path.ts";
import type { JudgedModel, Judgement, VerdictRecord } from "./documents.ts";

/** What a record says beside the judgement. */
export interface RecordFacts {
  /** Null in a merge queue. */
  readonly pull: number | null;
  /** Where the change was trained, and where it was judged: addresses of runs. */
  readonly trainedBy: string | null;
  readonly judgedBy: string;
  /** ISO 8601. */
  readonly judgedAt: string;
  readonly tool: string;
}

/**
 * The records of a judgement, one for each model that was judged: what the ledger will vouch with.
 *
 * A model without a digest, a fingerprint or a lock that goes to the branch leaves none.
 */
export function recordsOf(judgement: Judgement, facts: RecordFacts): readonly VerdictRecord[] {
  return judgement.models.flatMap((model) => recordOf(judgement, model, facts) ?? []);
}

function recordOf(judgement: Judgement, model: JudgedModel, facts: RecordFacts): VerdictRecord | undefined {
  const { fingerprint, digest, report, origin } = model;
  const lock = model.files.find(({ path }) => path === joinPath(model.folder, "trainyard.lock"));
  if (model.state !== "judged" || report === null) return undefined;
  if (fingerprint === null || digest === null || lock === undefined) return undefined;
  return {
    schema: "trainyard/verdict/1",
    model: model.model,
    folder: model.folder,
    pull: facts.pull,
    commit: judgement.commit,
    base: judgement.base,
    fingerprint,
    digest,
    origin,
    ...(report.holdout === undefined ? {} : { holdout: report.holdout.key }),
    verdict: model.verdict,
    sentence: cut(report.sentence, 2000),
    metrics: Object.fromEntries(report.metrics.map(({ name, value }) => [name, value])),
    gates: report.gates.map(({ condition, verdict, waived }) => ({
      condition: cut(condition, 500),
      verdict,
      ...(waived === undefined ? {} : { waived }),
    })),
    lock: digestOf(lock.text).sha256,
    trained_by: origin === "trained here" ? facts.trainedBy : null,
    judged_by: cut(facts.judgedBy, 300),
    judged_at: facts.judgedAt,
    tool: facts.tool,
  };
}

/** No half of a surrogate pair is left at the end. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
}
