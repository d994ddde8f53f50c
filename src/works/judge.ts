import { existsSync, readdirSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ContractErrors } from "../config/parse.ts";
import { gravest } from "../core/gates/verdict.ts";
import type { JudgedModel, Judgement } from "../core/proposal/documents.ts";
import { judgement as schema } from "../core/proposal/documents.ts";
import { type Place, UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import { changedBetween, forkPoint } from "./changed-states.ts";
import { CONTRACT } from "./contract-paths.ts";
import { baseContracts, besideBase } from "./given-base.ts";
import { readTrained } from "./given-candidate.ts";
import { baseTree, copiedTree } from "./given-tree.ts";
import { judgeDeployments } from "./judge-deployments.ts";
import { judgeModel } from "./judge-model.ts";
import { type Judged, Refused, type Scene } from "./judge-scene.ts";
import { namesOf } from "./judge-state.ts";
import { withoutDrafts } from "./judge-words.ts";
import { workflowNotes } from "./judge-workflows.ts";
import { strangeModels } from "./strange-models.ts";
import { verifyModel } from "./verify.ts";
import { openLedger } from "./vouched.ts";

/** What the judge is told. */
export interface JudgeRequest {
  /** Folder of the base's tree, or a revision. */
  readonly base: string;
  /** Absolute path of what the training handed over; it may be absent. */
  readonly trained: string | undefined;
  readonly outside: boolean;
  /** Only look up what was judged before: nothing is scored. */
  readonly verify: boolean;
  readonly mergeBase: string | undefined;
  /** The pull request's number: verdicts of other ones vouch for nothing. */
  readonly pull?: number | undefined;
  readonly token: string | undefined;
  /** Absolute path of the folder to write; nothing is written where it is absent. */
  readonly out: string | undefined;
}

/**
 * Judges every contract of a change by the rules of its base, and writes the judgement. A contract or a
 * model that is broken or hostile fails by itself; the others are judged.
 */
export async function judge(ours: Ports, request: JudgeRequest): Promise<Judgement> {
  const { out } = request;
  const ports: Ports = { ...ours, model: strangeModels(ours) };
  if (out !== undefined && existsSync(out) && readdirSync(out).length > 0) {
    throw new UserError(`"${out}" is not empty; a judgement goes into a new folder`);
  }
  const copy = await copiedTree(ports, ports.folder);
  const base = await baseTree(ports, ports.folder, request.base);
  try {
    const head = besideBase(copy, base);
    const bases = await baseContracts(base, head.contracts);
    const back = await readTrained(request.trained, head.commit);
    const ledger = await openLedger(ports, request.token);
    const mergeBase = await forkPoint(head, base, request.mergeBase);
    const scene: Scene = {
      head,
      base,
      bases,
      back,
      ledger,
      pull: request.pull,
      outside: request.outside,
      mergeBase,
    };

    const changed = await changedBetween(head, base, mergeBase);
    const { twice, deploys } = await namesOf(head);
    const judged: Judged[] = [];
    for (const folder of changed.alone ? [] : head.contracts) {
      ports.progress.say(`judging ${folder}`);
      judged.push(await judgeSafely(scene, folder, request.verify, twice.get(folder)));
    }
    const models = judged.map(({ model }) => model);
    const { deployments, notes: stray } = await judgeDeployments(scene, changed, judged, deploys);
    const gone = (changed.alone ? [] : bases.gone(models)).map(
      ({ folder }) => `the contract in "${folder}" is taken away`,
    );
    // a part of its own, with what reads tables and talks of versions: not needed before the models are judged
    const { judgeArtifacts } = await import("./judge-artifacts.ts");
    const { artifacts, tables, notes: warned } = await judgeArtifacts(scene, changed, models);
    const ways = await workflowNotes(scene, models);
    const notes = [
      ...gone,
      ...noteOf(back.reason),
      ...ways,
      ...warned,
      ...stray,
      ...judged.flatMap((one) => one.notes),
    ];
    const judgement = schema.parse({
      schema: "trainyard/judgement/1",
      commit: head.commit,
      base: base.commit,
      // what the base had judged is judged no longer: that is a person's to decide
      verdict: gravest([
        ...[...models, ...deployments].map(({ verdict }) => verdict),
        gone.length > 0 ? "inconclusive" : "pass",
      ]),
      models,
      deployments: [...deployments],
      artifacts,
      tables,
      notes: notes.slice(0, MOST_NOTES).map((note) => cut(note, 1000)),
    } satisfies Judgement);
    if (out !== undefined) await write(out, judgement, judged);
    return judgement;
  } finally {
    await copy.close();
    await base.close();
  }
}

const MOST_NOTES = 50; // as documents.ts has it

async function judgeSafely(
  scene: Scene,
  folder: string,
  verify: boolean,
  refused: string | undefined,
): Promise<Judged> {
  try {
    if (refused !== undefined) throw new Refused(refused, undefined);
    return await (verify ? verifyModel(scene, folder) : judgeModel(scene, folder));
  } catch (error) {
    if (error instanceof UserError)
      return { model: failed(scene, folder, error), bytes: undefined, notes: [] };
    throw error;
  }
}

/** A model that could not be judged: one message, with its place. */
function failed(scene: Scene, folder: string, error: UserError): JudgedModel {
  const { bases } = scene;
  const contract = folder === "." ? CONTRACT : `${folder}/${CONTRACT}`;
  const [first] = error instanceof ContractErrors ? error.issues : [];
  const at: Place | undefined = first?.place ?? error.at;
  const text = first?.message ?? withoutPlace(error);
  return {
    model: bases.of(folder, "")?.project?.contract.model ?? nameOf(folder),
    folder,
    state: "failed",
    verdict: "fail",
    origin: "trained outside",
    fingerprint: null,
    digest: null,
    problem: {
      message: cut(fromTheTop(scene, text), 4000),
      file: cut(at?.file ?? contract, 500),
      line: at?.line ?? (error instanceof Refused ? (error.line ?? null) : null),
    },
    report: null,
    proposed: null,
    rules: [],
    behind: false,
    files: [],
  };
}

/** A message that names files as the change has them, not where they lay for a moment. */
function fromTheTop({ head, base, back }: Scene, message: string): string {
  const places = [head.top, base.top, head.beside, base.beside, back.folder].filter((place) => place !== "");
  return withoutDrafts(places.reduce((told, place) => told.replaceAll(`${place}/`, ""), message));
}

/** A model's name where its contract does not tell: its folder's. */
function nameOf(folder: string): string {
  const name = (folder.split("/").at(-1) ?? "")
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^[-_]+|[-_]+$/g, "");
  return name === "" ? "model" : name.slice(0, 100).replace(/[-_]+$/, "");
}

function withoutPlace({ message, at }: UserError): string {
  if (at === undefined) return message;
  return message.replace(/^\S+:\d+(:\d+)? /, "");
}

/** The judgement, its page, and the bytes of the models in their places of the list. */
async function write(out: string, judgement: Judgement, judged: readonly Judged[]): Promise<void> {
  await mkdir(join(out, "models"), { recursive: true });
  for (const [index, { bytes }] of judged.entries()) {
    if (bytes !== undefined) await cp(bytes, join(out, "models", String(index)), { recursive: true });
  }
  const { renderPages } = await import("../core/report/pages.ts"); // needed last, and not small
  await writeFile(join(out, "report.html"), renderPages(judgement));
  await writeFile(join(out, "judgement.json"), `${JSON.stringify(judgement, undefined, 2)}\n`);
}

const noteOf = (text: string | undefined): readonly string[] => (text === undefined ? [] : [text]);
const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;
