import { issueMarker, withPart } from "../../core/triage/body.ts";
import { overdue } from "../../core/triage/dead-man.ts";
import { decide, type Step } from "../../core/triage/decide.ts";
import { type History, historyOf } from "../../core/triage/history.ts";
import { closingWords, type IssueFacts, issuePart, issueTitle } from "../../core/triage/issue.ts";
import type { Measurement } from "../../core/triage/measurement.ts";
import type { MonitorRecord } from "../../core/triage/record.ts";
import { toolIngredient } from "../../pipeline/ingredients.ts";
import type { Forge, Issue } from "../../ports/forge.ts";
import type { Ledger } from "../../ports/ledger.ts";
import { ourIssues, withoutDuplicates } from "./issues.ts";
import { readRecords, writeRecord } from "./records.ts";
import { type Retraining, retrainOnce } from "./retraining.ts";

/** Whom triage speaks with. */
export interface TriageScene {
  readonly forge: Forge;
  readonly ledger: Ledger;
  /** This run; undefined outside of a workflow. */
  readonly run: { readonly id: number; readonly attempt: number; readonly url: string } | undefined;
}

/** What the contract and the repository say of the model. */
export interface TriageFacts extends Pick<IssueFacts, "falseIssues" | "owners" | "showValues" | "refresh"> {
  /** The contract's folder. */
  readonly folder: string;
  readonly every: MonitorRecord["every"];
  readonly labels: readonly string[];
  /** Undefined where the contract has no model retrained then. */
  readonly retraining?: Retraining | undefined;
}

/** What became of it. */
export interface Triaged {
  readonly did: NonNullable<MonitorRecord["issue"]>["did"] | "nothing";
  /** The issue that is spoken of, where there is one. */
  readonly issue: Issue | undefined;
  /** Why nothing was written, in a sentence. */
  readonly why: string | undefined;
  /** Runs that were left out or delayed, in a sentence. */
  readonly overdue: string | undefined;
  readonly since: string | undefined;
  /** Whether a retraining was started just now. */
  readonly retrains: boolean;
}

/**
 * Makes ONE issue of a measurement, or brings it up to date, or closes it, and writes down what was seen
 * and done. Killed at any moment and begun again, it leaves one issue and loses no record: the record
 * comes last, and what it would say is done again without another effect.
 */
export async function triage(
  scene: TriageScene,
  facts: TriageFacts,
  measurement: Measurement,
): Promise<Triaged> {
  const { forge, ledger, run } = scene;
  const { model, environment, at } = measurement;
  const history = historyOf(await readRecords(ledger, model, environment));
  const late = overdue(history.last?.at, at, facts.every);
  const marker = issueMarker(model, environment);
  const { login } = await forge.speaker();
  const issues = await withoutDuplicates(forge, marker, await ourIssues(forge, model, environment));
  const step = decide(measurement, history, issues, login);
  const since = measurement.verdict === "moved" ? (history.since ?? at) : history.since;
  const said: IssueFacts = {
    ...facts,
    since: since ?? at,
    run: run?.url,
    overdue: late,
    after: afterOf(step),
  };
  const done = await perform(forge, step, { measurement, said, history, labels: facts.labels, marker });
  const retrained = await retrainOnce(forge, facts.retraining, history, measurement, done.did);
  await writeRecord(
    ledger,
    recordOf(measurement, facts, done, {
      retrained: retrained.at,
      before: history.last?.at ?? null,
      run: run?.url ?? null,
    }),
    run === undefined ? "local" : `${run.id}-${run.attempt}`,
  );
  if (retrained.failure !== undefined) throw retrained.failure; // the look is written down all the same
  return { ...done, overdue: late, since, retrains: retrained.now };
}

const afterOf = (step: Step<Issue>): number | undefined =>
  step.do === "open" ? step.after?.number : undefined;

type Done = Pick<Triaged, "did" | "issue" | "why">;

interface Said {
  readonly measurement: Measurement;
  readonly said: IssueFacts;
  readonly history: History;
  readonly labels: readonly string[];
  readonly marker: string;
}

async function perform(forge: Forge, step: Step<Issue>, what: Said): Promise<Done> {
  const { measurement, said } = what;
  switch (step.do) {
    case "leave": {
      const { because, issue, why } = step;
      const did = because === "quiet" || because === "not enough data" ? "nothing" : because;
      return { did, issue, why };
    }
    case "open":
      return open(forge, what);
    case "update":
      return { did: "updated", issue: await write(forge, step.issue, what, {}), why: undefined };
    case "reopen": {
      // one comment for one return, also where a run was killed before it opened the issue again
      const back = `<!-- trainyard:back ${what.history.decided?.at ?? said.since} -->`;
      await forge.comments.upsert(step.issue.number, back, `${back}\nIt is back.`);
      const issue = await write(forge, step.issue, what, { state: "open", reason: "reopened" });
      return { did: "reopened", issue, why: undefined };
    }
    case "close": {
      const { number } = step.issue;
      // one comment for one trouble, also where a run was killed before it closed the issue
      const gone = `<!-- trainyard:gone ${what.history.since ?? "by-hand"} -->`;
      await forge.comments.upsert(number, gone, `${gone}\n${closingWords(measurement)}`);
      const issue = await forge.issues.update(number, { state: "closed", reason: "completed" });
      return { did: "closed", issue, why: undefined };
    }
  }
}

/** Opens the issue, and looks whether somebody else did at the same time: the older one stays. */
async function open(forge: Forge, { measurement, said, labels, marker }: Said): Promise<Done> {
  const issue = await forge.issues.open({
    title: issueTitle(measurement),
    body: withPart("", marker, issuePart(measurement, said)),
    labels,
  });
  const there = (await ourIssues(forge, measurement.model, measurement.environment)).filter(
    ({ state }) => state === "open",
  );
  const oldest = there.reduce((first, one) => (one.number < first.number ? one : first), issue);
  if (oldest.number === issue.number) return { did: "opened", issue, why: undefined };
  await withoutDuplicates(forge, marker, [oldest, issue]);
  return { did: "updated", issue: oldest, why: `another run opened #${oldest.number} at the same time` };
}

/** Writes our part anew, and the title where nobody has changed it. Labels are left to people. */
async function write(
  forge: Forge,
  issue: Issue,
  { measurement, said, history, marker }: Said,
  change: { readonly state?: "open"; readonly reason?: "reopened" },
): Promise<Issue> {
  const body = withPart(issue.body, marker, issuePart(measurement, said));
  const title = issueTitle(measurement);
  const { decided } = history;
  const ours = decided?.verdict === "moved" && issueTitle(decided) === issue.title;
  return forge.issues.update(issue.number, { ...change, body, ...(ours ? { title } : {}) });
}

function recordOf(
  { model, environment, at, window, served, rows, verdict, why, columns }: Measurement,
  { folder, every }: TriageFacts,
  { did, issue }: Done,
  more: Pick<MonitorRecord, "retrained" | "before" | "run">,
): MonitorRecord {
  return {
    schema: "trainyard/monitored/1",
    model,
    folder,
    environment,
    at,
    window,
    served,
    rows,
    verdict,
    why,
    columns: columns.map(({ name, psi, js, threshold, moved }) => ({ name, psi, js, threshold, moved })),
    issue: issue === undefined || did === "nothing" ? null : { number: issue.number, did },
    every,
    ...more,
    tool: `trainyard ${String(toolIngredient().value)}`,
  };
}
