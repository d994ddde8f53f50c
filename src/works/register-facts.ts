import { join } from "node:path";
import type { Contract } from "../config/contract.ts";
import type { Lock } from "../core/artifacts/lock.ts";
import { parseReport, reportPath } from "../core/experiments/of-judgement.ts";
import { paramsIn } from "../core/experiments/of-lock.ts";
import type { VerdictRecord } from "../core/proposal/documents.ts";
import type { CardContract, CardData, CardFacts } from "../core/registry/card.ts";
import type { RegisterModel } from "../core/registry/documents.ts";
import type { Report } from "../core/report/report.ts";
import { UserError } from "../errors.ts";
import { readLock } from "../pipeline/lock-file.ts";
import type { Ledger } from "../ports/ledger.ts";
import { CONTRACT } from "./contract-paths.ts";
import { verdictsOf } from "./ledger-records.ts";
import { openContract } from "./project.ts";
import { repositoryAddress } from "./publish/facts.ts";
import type { RegisterScene, Registrable } from "./register.ts";
import { softly } from "./softly.ts";
import { modelFolder, train } from "./train.ts";

/** The newest verdict that let these bytes pass; undefined where there is none. */
export async function verdictOn(
  ledger: Ledger,
  { model, sha256 }: Pick<RegisterModel, "model" | "sha256">,
): Promise<VerdictRecord | undefined> {
  const records = await verdictsOf(ledger, model, sha256);
  return records
    .filter(({ verdict }) => verdict !== "fail")
    .sort((a, b) => (a.judged_at < b.judged_at ? 1 : -1))[0];
}

/** What the model card is made from; what is not to be had is left out of it. */
export async function cardFacts(
  scene: RegisterScene,
  model: Registrable,
  { version, tag, commit }: { readonly version: string; readonly tag: string; readonly commit: string },
): Promise<CardFacts> {
  const record = await softly(() => verdictOn(scene.ledger, model));
  const read = await softly(() => readTree(scene, model));
  return {
    model: model.model,
    version,
    tag,
    commit,
    folder: model.folder,
    digest: { sha256: model.sha256, md5: model.md5 },
    address: await addressOf(scene, record),
    contract: read && contractOf(read.contract),
    data: read === undefined ? [] : dataOf(read.lock),
    record,
    report: record && (await softly(() => reportOf(scene.ledger, record))),
    params: read === undefined ? {} : paramsIn(read.lock),
  };
}

/** The report that was made with a verdict; undefined where the ledger has none. */
export async function reportOf(ledger: Ledger, record: VerdictRecord): Promise<Report | undefined> {
  return parseReport((await ledger.read(reportPath(record))) ?? "");
}

async function addressOf(
  { forge }: RegisterScene,
  record: VerdictRecord | undefined,
): Promise<string | undefined> {
  const { pull } = record ?? {};
  if (pull === undefined || pull === null) return undefined;
  const found = await softly(() => forge.pulls.get(pull));
  return found && repositoryAddress(found);
}

/** Contract and lock in the tree. @throws {UserError} where they are not about these bytes */
async function readTree(
  { ports, tree }: RegisterScene,
  { model, folder, sha256 }: RegisterModel,
): Promise<{ readonly contract: Contract; readonly lock: Lock }> {
  const at = join(tree, folder);
  const { workspace, contract } = await openContract(ports, join(at, CONTRACT), []);
  const lock = await readLock(workspace, at);
  if (contract.model !== model || lockedModel(contract, lock)?.sha256 !== sha256) {
    throw new UserError(`${folder}/${CONTRACT} is not about these bytes of "${model}"`);
  }
  return { contract, lock };
}

/** The model that a lock names. */
export function lockedModel(contract: Contract, lock: Lock) {
  return lock.get(train.name)?.out.find(({ path }) => path === modelFolder(contract));
}

/** What a card says of a contract. */
export const contractOf = ({
  task,
  owner,
  plan,
  data,
  train: how,
  deploy,
  card,
}: Contract): CardContract => ({
  task,
  owner,
  problem: plan.problem,
  because: plan.because,
  label: data.roles.label,
  trainer: "with" in how ? how.with : "endpoint" in how ? "a server" : "a command",
  environments: Object.keys(deploy),
  card,
});

/** Data files, whichever stage took them in. */
export function dataOf(lock: Lock): CardData[] {
  const found = new Map<string, CardData>();
  for (const { in: ingredients } of lock.values()) {
    for (const { kind, name, sha256, size } of ingredients) {
      if (kind === "data" && !found.has(name)) found.set(name, { name, sha256, size });
    }
  }
  return [...found.values()];
}
