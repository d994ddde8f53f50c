import { md5, sha256 } from "../artifacts/digest.ts";
import { plain } from "../report/escape.ts";
import { isVersion } from "./grammar.ts";

/*
 * What the message of a tag carries: a first line for people, then trailers, one fact a line.
 *
 *   wages v1.2.0: ROC AUC 0.842; all 3 gates pass
 *
 *   Trainyard-Sha256: 0f3a…
 *   Trainyard-Metric: 0.8421 roc_auc
 *
 * Anybody who may make tags may have written one: a fact that is not what it should be is left out, and
 * bytes that two lines name differently are not named.
 */

/** What a tag says of the bytes that it stands for. */
export interface TagFacts {
  readonly sha256: string | undefined;
  readonly md5: string | undefined;
  /** Of an assignment: the version that is assigned. */
  readonly version: string | undefined;
  /** The contract's folder. */
  readonly folder: string | undefined;
  readonly verdict: string | undefined;
  /** The pull request that was judged. */
  readonly pull: number | undefined;
  /** The forge's deployment. */
  readonly deployment: number | undefined;
  /** By name, in the order in which they were written. */
  readonly metrics: ReadonlyMap<string, number>;
}

const MOST_METRICS = 30;
const LONGEST_NAME = 100;
/** More than the facts of any tag of ours take. */
const LONGEST = 64_000;
const TRAILER = /^Trainyard-([A-Za-z0-9]+): (.*?)\s*$/gm;

/**
 * The message of a tag.
 *
 * @param headline one sentence for people, which may hold what others wrote: it stays one line
 *
 * @example tagMessage("wages v1.0.0: all gates pass", { pull: 12, metrics: new Map([["f1", 0.5]]) }) // => "wages v1.0.0: all gates pass\n\nTrainyard-Pull: 12\nTrainyard-Metric: 0.5 f1\n"
 */
export function tagMessage(headline: string, facts: Partial<TagFacts>): string {
  const lines = [
    ["Sha256", facts.sha256],
    ["Md5", facts.md5],
    ["Version", facts.version],
    ["Folder", facts.folder],
    ["Verdict", facts.verdict],
    ["Pull", facts.pull],
    ["Deployment", facts.deployment],
    ...[...(facts.metrics ?? [])]
      .filter(([, value]) => Number.isFinite(value))
      .slice(0, MOST_METRICS)
      .map(([name, value]) => ["Metric", `${value} ${plain(name, LONGEST_NAME)}`]),
  ].flatMap(([name, value]) => (value === undefined ? [] : [`Trainyard-${name}: ${plain(String(value))}`]));
  return `${plain(headline, 200)}\n\n${lines.join("\n")}\n`;
}

/**
 * The facts of a message, whoever wrote it.
 *
 * @example readMessage("Registering artifact wages version v1.0.0").sha256 // => undefined
 * @example [...readMessage("wages v1.0.0\n\nTrainyard-Metric: 0.5 f1\nTrainyard-Metric: many f2\n").metrics] // => [["f1", 0.5]]
 */
export function readMessage(message: string): TagFacts {
  const said = new Map<string, string[]>();
  for (const [, name = "", value = ""] of message.slice(0, LONGEST).matchAll(TRAILER)) {
    const values = said.get(name.toLowerCase()) ?? [];
    said.set(name.toLowerCase(), [...values, value]);
  }
  const only = (name: string): string | undefined => {
    const values = new Set(said.get(name));
    return values.size === 1 ? [...values][0] : undefined;
  };
  const version = only("version");
  return {
    sha256: sha256(only("sha256") ?? ""),
    md5: md5(only("md5") ?? ""),
    version: version !== undefined && isVersion(version) ? version : undefined,
    folder: only("folder"),
    verdict: /^(pass|warn|waived|inconclusive|fail)$/.exec(only("verdict") ?? "")?.[0],
    pull: wholeNumber(only("pull")),
    deployment: wholeNumber(only("deployment")),
    metrics: metricsOf(said.get("metric") ?? []),
  };
}

/**
 * The first line of a message, as it may be shown.
 *
 * @example headlineOf("\n  wages v1.0.0\nTrainyard-Pull: 12\n") // => "wages v1.0.0"
 */
export function headlineOf(message: string): string {
  return plain(message.slice(0, LONGEST).trimStart().split("\n")[0] ?? "");
}

function metricsOf(lines: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const line of lines.slice(0, MOST_METRICS)) {
    const [, number = "", name = ""] = /^(-?[0-9][0-9.e+-]*) (.+)$/.exec(line) ?? [];
    const value = Number(number);
    if (number === "" || !Number.isFinite(value) || found.has(plain(name, LONGEST_NAME))) continue;
    found.set(plain(name, LONGEST_NAME), value);
  }
  return found;
}

function wholeNumber(text: string | undefined): number | undefined {
  const value = /^[0-9]{1,15}$/.test(text ?? "") ? Number(text) : undefined;
  return value === 0 ? undefined : value;
}
