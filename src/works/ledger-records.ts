import type { DeploymentRecord } from "../core/deployments/documents.ts";
import { deploymentFolder, parseDeploymentRecord } from "../core/deployments/records.ts";
import type { Judgement, VerdictRecord } from "../core/proposal/documents.ts";
import { parseRecord, recordFolder } from "../core/proposal/vouch.ts";
import type { Ledger } from "../ports/ledger.ts";

/** All deployments of a model into an environment, in no order; what is no record is left out. */
export async function deploymentsOf(
  ledger: Ledger,
  environment: string,
  model: string,
): Promise<readonly DeploymentRecord[]> {
  const records: DeploymentRecord[] = [];
  for (const path of await ledger.list(deploymentFolder(environment, model))) {
    const record = parseDeploymentRecord((await ledger.read(path)) ?? "");
    if (record?.model === model && record.environment === environment) records.push(record);
  }
  return records;
}

/** So many pull requests are looked through for a verdict: each folder is a request to the server. */
const MOST_PULLS = 200;

/**
 * The verdicts on a model's bytes. Those of one pull request are enough where one of them lets the bytes
 * pass: the likely ones are looked at first, then the newest.
 *
 * @param likely pull requests that are thought to have brought the bytes
 */
export async function verdictsOf(
  ledger: Ledger,
  model: string,
  sha256: string,
  likely: readonly (number | null)[] = [],
): Promise<readonly VerdictRecord[]> {
  const folders = new Map<string, string[]>();
  for (const path of await ledger.list(`verdicts/${model.toLowerCase()}`)) {
    const folder = path.slice(0, path.lastIndexOf("/"));
    folders.set(folder, [...(folders.get(folder) ?? []), path]);
  }
  const first = new Set(likely.map((pull) => recordFolder(model, pull)));
  const order = [...folders.keys()].sort(
    (a, b) => Number(first.has(b)) - Number(first.has(a)) || pullIn(b) - pullIn(a),
  );
  const found: VerdictRecord[] = [];
  for (const folder of order.slice(0, MOST_PULLS)) {
    for (const path of folders.get(folder) ?? []) {
      const record = parseRecord((await ledger.read(path)) ?? "");
      if (record?.model === model && record.digest.sha256 === sha256) found.push(record);
    }
    if (found.some(({ verdict }) => verdict !== "fail")) break;
  }
  return found;
}

/** So many verdicts of one pull request are looked through for the newest. */
const MOST_VERDICTS = 200;

/** The newest verdict on an earlier head of a pull request, of each model that is judged now and has one. */
export async function earlierVerdicts(
  ledger: Ledger,
  { models, commit }: Pick<Judgement, "models" | "commit">,
  pull: number,
): Promise<readonly VerdictRecord[]> {
  const found: VerdictRecord[] = [];
  for (const { model, folder, state } of models) {
    if (state === "unchanged") continue;
    let newest: VerdictRecord | undefined;
    const paths = (await ledger.list(recordFolder(model, pull))).filter((path) => !path.includes(commit));
    for (const path of paths.slice(0, MOST_VERDICTS)) {
      const record = parseRecord((await ledger.read(path)) ?? "");
      if (record?.model !== model || record.folder !== folder || record.pull !== pull) continue;
      if (newest === undefined || record.judged_at > newest.judged_at) newest = record;
    }
    if (newest !== undefined) found.push(newest);
  }
  return found;
}

const pullIn = (folder: string): number => Number(/\/(\d+)$/.exec(folder)?.[1] ?? -1);
