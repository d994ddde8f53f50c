import { UserError } from "../../errors.ts";
import { type Lock, parseLock } from "../artifacts/lock.ts";
import { joinPath } from "../artifacts/path.ts";
import type { JudgedModel, Judgement, VerdictRecord } from "../proposal/documents.ts";
import { recordPath } from "../proposal/vouch.ts";
import { type Report, report as reportSchema } from "../report/report.ts";
import { backendIn, curvesIn, digestsIn, metricsIn, paramsIn, seedsIn } from "./of-lock.ts";
import { named, printExperiment } from "./record.ts";

/*
 * What the ledger keeps of a judged model beside its verdict, under the same name:
 *
 *   verdicts/MODEL/PULL/NAME.json      the verdict, which vouches
 *   experiments/MODEL/PULL/NAME.json   the experiment, for `trainyard experiments`
 *   reports/MODEL/PULL/NAME.json       the report without its curves, for the model card
 */

/** A file for the ledger. */
interface LedgerFile {
  readonly path: string;
  readonly text: string;
}

/** A ledger takes no more of one record; a report with a thousand groups is smaller. */
const LARGEST = 900_000;

/** Experiment and report of every verdict of a judgement. */
export function judgedFiles(judgement: Judgement, records: readonly VerdictRecord[]): readonly LedgerFile[] {
  return records.flatMap((record) => {
    const model = judgement.models.find(
      (one) => one.folder === record.folder && one.model === record.model && one.report !== null,
    );
    if (model?.report == null) return [];
    const files = [
      {
        path: beside(record, "experiments"),
        text: printExperiment(experimentOf(model, model.report, record)),
      },
      { path: beside(record, "reports"), text: `${JSON.stringify(withoutCurves(model.report))}\n` },
    ];
    return files.filter(({ text }) => text.length <= LARGEST);
  });
}

/** Where a report stands that was made with a verdict. */
export const reportPath = (record: VerdictRecord): string => beside(record, "reports");

const beside = (record: VerdictRecord, kind: "experiments" | "reports"): string =>
  recordPath(record).replace(/^verdicts\//, `${kind}/`);

/** A report out of the ledger; undefined where it is none of this version. */
export function parseReport(text: string): Report | undefined {
  try {
    const parsed = reportSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Curves and rows are for the page, which is made at once; they are most of a report's bytes. */
function withoutCurves(report: Report): Report {
  const none = Object.fromEntries(Object.keys(report.curves).map((name) => [name, []]));
  const curves = { ...none, calibration: report.curves.calibration };
  return {
    ...report,
    curves: curves as unknown as Report["curves"],
    history: report.history.slice(-1),
    checks: report.checks.map((check) => ({ ...check, row_numbers: [], values: [] })),
  };
}

function experimentOf(model: JudgedModel, report: Report, record: VerdictRecord) {
  const path = joinPath(model.folder, "trainyard.lock");
  const lock = lockIn(model.files.find((file) => file.path === path)?.text, path);
  const params = paramsIn(lock);
  const digests = digestsIn(lock, model.model);
  return named({
    model: model.model,
    folder: model.folder,
    source: "judge",
    status: "finished",
    message: null,
    verdict: model.verdict,
    started_at: record.judged_at,
    duration: null,
    user: null,
    commit: record.commit,
    branch: null,
    dirty: null,
    set: [],
    params,
    metrics: metricsIn(report),
    gates: record.gates.map(({ condition, verdict }) => ({ condition, verdict })), // who waived one, the record says
    digests: { ...digests, model: record.digest, fingerprint: record.fingerprint },
    environment: { tool: record.tool, node: null, platform: null, backend: backendIn(lock) },
    seeds: seedsIn(params),
    stages: [],
    curves: curvesIn(report.history),
    pull: record.pull,
    url: record.judged_by === "" ? null : record.judged_by,
    tags: { origin: record.origin },
  });
}

/** A verdict is published whatever can be told beside it. */
function lockIn(text: string | undefined, path: string): Lock {
  try {
    return parseLock(text, path);
  } catch (error) {
    if (error instanceof UserError) return new Map();
    throw error;
  }
}
