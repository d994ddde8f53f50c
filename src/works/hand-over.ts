import { existsSync, readdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "../core/artifacts/digest.ts";
import type { Handover } from "../core/proposal/documents.ts";
import { heldFor } from "../core/proposal/training.ts";
import { fingerprintsIn, recordFolder, shortFingerprint } from "../core/proposal/vouch.ts";
import { UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import { changedBetween, forkPoint } from "./changed-states.ts";
import {
  type BaseContract,
  type BaseContracts,
  baseContracts,
  besideBase,
  withCacheOf,
} from "./given-base.ts";
import { runBeforeTraining } from "./given-run.ts";
import { baseTree, copiedTree, type GivenTree, openGiven } from "./given-tree.ts";
import { writeBlinded } from "./hand-over-blind.ts";
import { type PlacedContract, writeCode } from "./hand-over-code.ts";
import { heldByBase } from "./hand-over-rows.ts";
import { forbiddenBy } from "./judge-base.ts";
import { type Others, otherContracts, ownHolder } from "./other-contracts.ts";
import type { StageProject } from "./project.ts";
import { type AskedLedger, openLedger, vouchedModel } from "./vouched.ts";

/** What a hand-over is told of the pull request. */
export interface HandOverRequest {
  /** Folder of the base's tree, or a revision. */
  readonly base: string;
  /** The commit at which the change left the base; found on a laptop. */
  readonly mergeBase?: string | undefined;
  /** Absolute path of the folder to write. */
  readonly out: string;
  readonly token: string | undefined;
  readonly pull: number | null;
  readonly draft: boolean;
  readonly labels: readonly string[];
  readonly asked: boolean;
  readonly budget: number | undefined;
}

/** What was decided of one contract. */
export type HandedModel = Omit<Handover["models"][number], "fingerprint"> & {
  /** Undefined where it could not be told: a contract or data that are wrong. */
  readonly fingerprint: string | undefined;
};

export interface HandedOver {
  readonly models: readonly HandedModel[];
  /** Over the fingerprints that are to be trained. */
  readonly fingerprint: string;
  readonly notes: readonly string[];
}

/**
 * Decides what of a change is to be trained, and writes what the training may see: code without data,
 * rows without the labels that it will be judged by. No code of the change is run.
 */
export async function handOver(ports: Ports, request: HandOverRequest): Promise<HandedOver> {
  const { out } = request;
  if (existsSync(out) && readdirSync(out).length > 0) {
    throw new UserError(`"${out}" is not empty; a hand-over goes into a new folder`);
  }
  await mkdir(out, { recursive: true });
  const copy = await copiedTree(ports, ports.folder);
  const base = await baseTree(ports, ports.folder, request.base);
  const head = besideBase(copy, base);
  try {
    const given = withCacheOf(base, head);
    const bases = await baseContracts(given, head.contracts);
    const ledger = await openLedger(ports, request.token);
    const asked: Asked = { ...request, trees: { head, base: given, bases }, ledger };
    const placed: PlacedContract[] = bases.all.flatMap(({ folder, project }) =>
      project === undefined ? [] : [{ folder, contract: project.contract }],
    );
    const models: HandedModel[] = [];
    const { alone } = await changedBetween(head, base, await forkPoint(head, base, request.mergeBase));
    for (const folder of alone ? [] : head.contracts) {
      const { model, contract } = await handOne(asked, folder);
      models.push(model);
      if (contract !== undefined) placed.push({ folder, contract });
    }
    const wanted = models.filter(({ todo }) => todo === "train");
    if (wanted.length > 0) await writeCode(head, placed, join(out, "code"));
    const handover: Handover = {
      schema: "trainyard/handover/1",
      commit: head.commit,
      models: models.flatMap(({ fingerprint, ...model }) =>
        fingerprint === undefined ? [] : [{ ...model, fingerprint }],
      ),
    };
    await writeFile(join(out, "handover.json"), `${JSON.stringify(handover, undefined, 2)}\n`);
    const prints = wanted.map(({ folder, fingerprint }) => `${folder} ${fingerprint}\n`);
    return {
      models,
      fingerprint: digestOf(prints.sort().join("")).sha256,
      notes: [
        ...(alone ? ["only desired states change: there is nothing to train"] : []),
        ...(ledger.reason === undefined ? [] : [ledger.reason]),
      ],
    };
  } finally {
    await head.close();
    await base.close();
  }
}

type Asked = HandOverRequest & {
  readonly trees: { readonly head: GivenTree; readonly base: GivenTree; readonly bases: BaseContracts };
  readonly ledger: AskedLedger;
};

/** Decides one contract; what is wrong with it holds it, and the others go on. */
async function handOne(
  asked: Asked,
  folder: string,
): Promise<{ readonly model: HandedModel; readonly contract?: StageProject["contract"] }> {
  let project: StageProject | undefined;
  try {
    project = await openGiven(asked.trees.head, folder, { believed: false });
    return { model: await decide(asked, folder, project), contract: project.contract };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const model: HandedModel = {
      model: project?.contract.model ?? "",
      folder,
      fingerprint: undefined,
      todo: "held",
      why: [cut(error.message)],
    };
    return { model, ...(project === undefined ? {} : { contract: project.contract }) };
  }
}

async function decide(asked: Asked, folder: string, project: StageProject): Promise<HandedModel> {
  const { model, train } = project.contract;
  const { run, fingerprint } = await runBeforeTraining(project);
  const known = { model, folder, fingerprint };
  if (fingerprint === undefined) {
    return {
      ...known,
      todo: "held",
      why: [`${run.stoppedBy} failed: the data break what the contract expects`],
    };
  }
  const base = asked.trees.bases.of(folder, model);
  if (base?.project?.lock.get("train")?.fingerprint === fingerprint) {
    return { ...known, todo: "unchanged", why: ["the base has a model of the same training"] };
  }
  const vouched = await vouchedModel(
    asked.ledger,
    base?.project ?? project,
    fingerprint,
    asked.pull ?? undefined,
  );
  if (vouched !== undefined) {
    return {
      ...known,
      todo: "vouched",
      why: [`a verdict vouches for the model ${vouched.sha256.slice(0, 12)}`],
    };
  }
  const forbidden = await forbiddenBy(project, base?.project); // the training would be told the base's label
  if (forbidden !== undefined) return { ...known, todo: "held", why: [cut(forbidden)] };
  const held = heldFor({ ...asked, when: train.when, used: await used(asked, model, fingerprint) });
  if (held !== undefined) return { ...known, todo: "held", why: [held] };
  const others = await otherContracts(asked.trees, project, base);
  if (others.forbidden !== undefined) return { ...known, todo: "held", why: [cut(others.forbidden)] };

  return { ...known, todo: "train", why: await blinded(asked, folder, project, base, others) };
}

/** Writes the rows of a model that is to be trained; sentences about what is left out, or could not be told. */
async function blinded(
  { out }: Asked,
  folder: string,
  project: StageProject,
  base: BaseContract | undefined,
  others: Others,
): Promise<string[]> {
  const drafts = await project.files.draft();
  try {
    const held = join(drafts, "held.parquet");
    const own = base?.project === undefined ? [] : [ownHolder(project, base.project)];
    const { beyond, whom, unseen, reason } = await heldByBase(project, [...own, ...others.holders], held);
    const broken = base?.broken === undefined ? undefined : `the base's contract is broken: ${base.broken}`;
    const left = await writeBlinded(project, held, join(out, "work", folder));
    if (left === 0) throw new UserError("the base holds back every row to train on");
    const unsure = [reason, broken, ...others.unknown].filter((one) => one !== undefined).join("; ");
    return [
      ...(beyond === 0 ? [] : [`${beyond} rows are left out, since the base holds them back${whom}`]),
      ...(unseen ? [UNSEEN] : []),
      ...(unsure === "" ? [] : [cut(`which rows the base holds back could not be told: ${unsure}`)]),
    ];
  } finally {
    await project.files.remove(drafts);
  }
}

const UNSEEN =
  "rows that the base holds back are not shown at all, since prepare.rows chooses rows by their answers";

/** How many other trainings were judged for this pull request. */
async function used(
  { ledger: { ledger }, pull }: Asked,
  model: string,
  fingerprint: string,
): Promise<number> {
  if (ledger === undefined || pull === null) return 0;
  const seen = fingerprintsIn(await ledger.list(recordFolder(model, pull)));
  return seen.filter((one) => one !== shortFingerprint(fingerprint)).length;
}

const cut = (text: string): string => (text.length > 500 ? `${text.slice(0, 499)}…` : text);
