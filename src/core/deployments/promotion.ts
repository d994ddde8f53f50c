import type { VerdictRecord } from "../proposal/documents.ts";
import { markdownCode, markdownText } from "../report/escape.ts";
import { table } from "../report/markdown/blocks.ts";
import { formatNumber } from "../report/numbers.ts";
import { wordOf } from "../report/outcome.ts";
import { desiredPath } from "./desired.ts";
import type { DeploymentRecord } from "./documents.ts";

/*
 * The pull request that proposes what serves in one environment for the next: one branch, one file, one
 * line.
 */

/** Bytes that go on to an environment. */
export interface Promoted {
  readonly model: string;
  readonly version: string;
  readonly environment: string;
  readonly sha256: string;
}

/**
 * The branch of an environment's promotions. It does not begin with `trainyard/`: Git keeps no branch
 * below another, and the ledger's is called `trainyard`.
 *
 * @example promotionBranch("production", "wages") // => "trainyard-promote-production-wages"
 */
export const promotionBranch = (environment: string, model: string): string =>
  `trainyard-promote-${environment}-${model}`;

/**
 * @example promotionTitle({ model: "wages", version: "v1.2.0", environment: "production" }) // => "Promote wages v1.2.0 to production"
 */
export const promotionTitle = ({
  model,
  version,
  environment,
}: Pick<Promoted, "model" | "version" | "environment">): string =>
  `Promote ${model} ${version} to ${environment}`;

/** The message of its commit, in which `promotedBy` finds the bytes again. */
export const promotionMessage = (promoted: Promoted): string =>
  `${promotionTitle(promoted)}\n\nTrainyard-Promotes: ${promoted.environment} ${promoted.model} ${promoted.sha256}`;

/**
 * Which bytes a commit of ours proposes; undefined where its message is none of ours.
 *
 * @example promotedBy("Promote wages v1.2.0 to production\n\nTrainyard-Promotes: production wages 0f", "production", "wages") // => undefined
 */
export function promotedBy(message: string, environment: string, model: string): string | undefined {
  const [, where, what, sha256] =
    /^Trainyard-Promotes: (\S+) (\S+) ([0-9a-f]{64})$/m.exec(message.slice(0, 10_000)) ?? [];
  return where === environment && what === model ? sha256 : undefined;
}

/** What the pull request says beside what it changes. */
export interface PromotionFacts extends Promoted {
  /** The environment that it serves in, and the deployment that brought it there last. */
  readonly after: string;
  readonly record: DeploymentRecord;
  /** Since when it serves there. */
  readonly since: string | undefined;
  /** What the environment has now; undefined where it has nothing. */
  readonly now: { readonly version: string | undefined; readonly sha256: string } | undefined;
  /** The verdict on the bytes; undefined where the ledger has none, or it was not asked. */
  readonly verdict: VerdictRecord | undefined;
  /** Who must agree to a change of the file, by CODEOWNERS. */
  readonly owners: readonly string[];
  /** Whether what this speaker opens starts workflows: else its checks wait for a person. */
  readonly triggersWorkflows: boolean;
  /** Address of the run that wrote it. */
  readonly run: string | undefined;
}

/** The text of the pull request, in GitHub's Markdown. */
export function promotionBody(facts: PromotionFacts): string {
  const { model, version, environment, after, record, since, now, owners, run } = facts;
  const from = now === undefined ? "nothing" : bytesText(now.version, now.sha256);
  const rows = [
    ["From", from],
    ["To", bytesText(version, facts.sha256)],
    ["Judged", judgedText(facts.verdict)],
    [`In \`${after}\``, `since ${timeText(since ?? record.deployed_at)}; ${servedText(record)}`],
    ["Who decides", ownersText(owners, desiredPath(environment, model))],
  ];
  const said = [
    `\`${model}\` **${version}** serves in \`${after}\`. Merging this is deploying it to \`${environment}\`: the same bytes, found by their digest, and nothing is trained again.`,
    table(
      [
        { title: "", align: "left" },
        { title: "", align: "left" },
      ],
      rows,
    ),
    ...(facts.triggersWorkflows ? [] : [WITHOUT_APP]),
    `A newer version of \`${model}\` takes its place here. To stay with what \`${environment}\` has, close it: this version is not proposed again.`,
    ...(run === undefined ? [] : [`<sub>[written by Trainyard](${run})</sub>`]),
  ];
  return `${said.join("\n\n")}\n`;
}

const WITHOUT_APP =
  "> [!NOTE]\n> This was opened with the workflow's own token, which starts no workflow: its checks begin when somebody closes and reopens it. An App of the team's own needs no such click.";

/**
 * What an open pull request is told when it is closed.
 *
 * @example closingText("production is to serve v1.2.0 already") // => "Closed: production is to serve v1.2.0 already."
 */
export const closingText = (why: string): string => `Closed: ${markdownText(why)}.`;

const bytesText = (version: string | undefined, sha256: string): string =>
  `${version === undefined ? "" : `${version} · `}\`sha256 ${sha256.slice(0, 12)}\``;

function judgedText(verdict: VerdictRecord | undefined): string {
  if (verdict === undefined) return "see the version's tag";
  const { pull, sentence, metrics } = verdict;
  const where = pull === null ? "in a merge queue" : `in #${pull}`;
  const numbers = Object.entries(metrics)
    .filter(([, value]) => value !== null)
    .slice(0, MOST_METRICS)
    .map(([name, value]) => `${markdownCode(name, 60)} ${formatNumber(value)}`);
  return [`${wordOf(verdict.verdict)} ${where}: ${markdownText(sentence)}`, ...numbers].join(", ");
}

const MOST_METRICS = 6;

/** A time to the minute; what is none is shown as it is. */
function timeText(at: string): string {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::[\d.]+)?Z$/.exec(at) ?? [];
  return day === undefined || time === undefined ? markdownText(at, 40) : `${day} ${time} UTC`;
}

const servedText = ({ served }: DeploymentRecord): string =>
  served === null ? "no address to read back from" : `read back: ${markdownCode(served, 200)}`;

function ownersText(owners: readonly string[], path: string): string {
  const file = `\`${path}\``;
  if (owners.length === 0) return `whoever may merge; CODEOWNERS gives ${file} no owner`;
  return `${owners.map((owner) => markdownCode(owner, 100)).join(", ")}, who own ${file}`;
}
