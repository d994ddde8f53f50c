import { existsSync, lstatSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Content } from "../core/artifacts/digest.ts";
import { parseLock } from "../core/artifacts/lock.ts";
import { LOCK_FILE } from "../core/artifacts/lock-name.ts";
import { joinPath } from "../core/artifacts/path.ts";
import { type JudgedModel, type Trained, trained } from "../core/proposal/documents.ts";
import { howToTrain } from "../core/proposal/training.ts";
import { UserError } from "../errors.ts";
import type { GivenModel } from "./given.ts";
import type { BaseContract } from "./given-base.ts";
import { readSaid, SAID_NOTHING } from "./given-said.ts";
import { modelAt, trainingAt } from "./given-training.ts";
import type { GivenTree } from "./given-tree.ts";
import type { StageProject } from "./project.ts";
import { modelFolder } from "./train.ts";
import { type AskedLedger, bringModel, vouchedModel } from "./vouched.ts";

/** The model that is judged, and how it came to be. */
export interface Candidate extends GivenModel {
  readonly origin: JudgedModel["origin"];
  /** Commits of the base whose holdout it was kept from; the one that is judged by, where it was trained for this. */
  readonly keptFrom: readonly string[];
}

/** What a job of the change handed over; nothing where there was no training, or it left something else. */
export interface HandedBack {
  readonly folder: string;
  readonly trained: Trained | undefined;
  /** Why it is not taken. */
  readonly reason: string | undefined;
}

const LARGEST = 2 ** 20; // 200 models

/** Reads `trained.json`, in which anything may stand. */
export async function readTrained(folder: string | undefined, commit: string): Promise<HandedBack> {
  if (folder === undefined) return { folder: "", trained: undefined, reason: undefined };
  const path = join(folder, "trained.json");
  if (!existsSync(path)) return { folder, trained: undefined, reason: undefined };
  const refused = (reason: string): HandedBack => ({ folder, trained: undefined, reason });
  const there = lstatSync(path);
  if (!there.isFile() || there.size > LARGEST) return refused("trained.json is no plain file of its size");
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch {
    return refused("trained.json is not JSON");
  }
  const parsed = trained.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refused(`trained.json is not one: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`);
  }
  if (parsed.data.commit !== commit) {
    return refused(`trained.json speaks of ${parsed.data.commit}, and the commit to judge is ${commit}`);
  }
  return { folder, trained: parsed.data, reason: undefined };
}

/** What is known when the model of one contract is looked for. */
export interface Search {
  readonly head: GivenTree;
  readonly project: StageProject;
  /** The contract's folder from the top. */
  readonly folder: string;
  readonly base: BaseContract | undefined;
  readonly fingerprint: string;
  readonly back: HandedBack;
  readonly ledger: AskedLedger;
  /** The pull request's number; undefined on a laptop. */
  readonly pull: number | undefined;
  /** Whether a model counts that no run of ours trained. */
  readonly outside: boolean;
  /** Absolute path of a folder to bring the model to. */
  readonly draft: string;
}

/**
 * Finds the model of a training: the base's own, the one that the change's training made, one that a
 * verdict vouches for, or, where that is let count, the one that the change's lock claims.
 *
 * @throws {UserError} where there is none, with how to go on
 */
export async function findCandidate(search: Search): Promise<Candidate> {
  const { base, fingerprint, project } = search;
  const entry = base?.project?.lock.get("train");
  const known = base?.project === undefined ? undefined : modelFolder(base.project.contract);
  const standing =
    entry?.fingerprint === fingerprint ? entry.out.find(({ path }) => path === known) : undefined;
  if (standing !== undefined) return bring(search, standing, "unchanged", []);

  const made = await trainedHere(search);
  if (made !== undefined) return made;

  const vouched = await vouchedModel(search.ledger, project, fingerprint, search.pull);
  if (vouched !== undefined) return bring(search, vouched, "vouched for", vouched.bases);

  const claimed = await claimedModel(search);
  if (claimed !== undefined && search.outside) {
    const { path, digest, said } = claimed;
    if (path !== undefined) return { folder: path, said, origin: "trained outside", keptFrom: [] };
    return bring(search, digest, "trained outside", []);
  }
  throw new UserError(missing(search, claimed !== undefined));
}

async function bring(
  { project, draft }: Search,
  digest: Pick<Content, "md5" | "sha256">,
  origin: Candidate["origin"],
  keptFrom: readonly string[],
): Promise<Candidate> {
  await bringModel(project, digest, draft);
  return { folder: draft, said: SAID_NOTHING, origin, keptFrom };
}

/** @throws {UserError} where the training failed, or what it handed over is not what it says */
async function trainedHere({ back, project, folder, fingerprint }: Search): Promise<Candidate | undefined> {
  if (back.trained === undefined) return undefined;
  const { model } = project.contract;
  const own = back.trained.models.filter((one) => one.folder === folder);
  const failed = back.trained.failed.find((one) => one.folder === folder);
  const [only, second] = own;
  if (only === undefined) {
    if (failed !== undefined) throw new UserError(`the training failed: ${failed.message}`);
    return undefined;
  }
  if (second !== undefined)
    throw new UserError(`the training handed over two models for the folder "${folder}"`);
  if (only.model !== model) {
    throw new UserError(
      `the training handed over a model called "${only.model}", and the contract's is "${model}"`,
    );
  }
  if (only.fingerprint !== fingerprint) {
    throw new UserError(
      `the model was trained of something else: its fingerprint is ${only.fingerprint.slice(0, 12)}, and this commit's is ${fingerprint.slice(0, 12)}; let it be trained again`,
    );
  }
  const index = back.trained.models.indexOf(only);
  const path = modelAt(back.folder, index);
  if (!existsSync(path) || !lstatSync(path).isDirectory()) {
    throw new UserError(`the training says that it made "${model}", and handed over no such folder`);
  }
  const content = await project.files.content(path);
  if (content?.sha256 !== only.digest.sha256 || content.md5 !== only.digest.md5) {
    throw new UserError(`the model that was handed over is not the one whose digest the training says`);
  }
  return {
    folder: path,
    said: await readSaid(trainingAt(back.folder, index)),
    origin: "trained here",
    keptFrom: project.base === undefined ? [] : [project.base],
  };
}

/** The model that the change's own lock says is of this training. */
async function claimedModel({ head, folder, project, fingerprint }: Search) {
  const path = joinPath(folder, LOCK_FILE);
  const text = await head.read(path);
  let lock: ReturnType<typeof parseLock>;
  try {
    lock = parseLock(text, path);
  } catch (error) {
    if (error instanceof UserError) return undefined; // no claim at all
    throw error;
  }
  const entry = lock.get("train");
  const output = entry?.out.find((one) => one.path === modelFolder(project.contract));
  if (entry?.fingerprint !== fingerprint || output === undefined) return undefined;
  const there = join(head.beside, folder, output.path);
  const same = (await head.workspace.files.content(there))?.sha256 === output.sha256;
  return {
    digest: output,
    path: same ? there : undefined,
    said: same ? await readSaid(join(head.beside, folder, ".trainyard", "training.json")) : SAID_NOTHING,
  };
}

/** Why there is no model, and how to go on. */
function missing({ project, back, ledger, outside, fingerprint }: Search, claimed: boolean): string {
  const how = outside ? "run `trainyard run` first; on the forge " : "";
  const parts = [
    `this training was not run (fingerprint ${fingerprint.slice(0, 12)}): ${how}${howToTrain(project.contract.train.when)}`,
    ...(claimed && !outside
      ? [
          "the lock names a model of it, and no verdict of ours vouches for that (trained-outside: show would show it)",
        ]
      : []),
    ...(back.reason === undefined ? [] : [back.reason]),
    ...(ledger.reason === undefined ? [] : [ledger.reason]),
  ];
  return parts.join("; ");
}
