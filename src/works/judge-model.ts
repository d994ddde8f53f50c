import { join } from "node:path";
import { fetch } from "../artifacts/transfer.ts";
import { type Content, digestOf } from "../core/artifacts/digest.ts";
import { LOCK_FILE } from "../core/artifacts/lock.ts";
import { joinPath } from "../core/artifacts/path.ts";
import type { JudgedModel, RulesChange } from "../core/proposal/documents.ts";
import { movesRows } from "../core/proposal/rules.ts";
import type { Report } from "../core/report/report.ts";
import { checkName } from "../core/report/wording.ts";
import { UserError } from "../errors.ts";
import { runWorks } from "../pipeline/run.ts";
import { givenTrain } from "./given.ts";
import type { BaseContract, BaseContracts } from "./given-base.ts";
import { type Candidate, findCandidate, type HandedBack } from "./given-candidate.ts";
import { changedWorks, runBeforeTraining } from "./given-run.ts";
import { type GivenTree, openGiven } from "./given-tree.ts";
import { heldByBase } from "./hand-over-rows.ts";
import { judgeByBase, undecided } from "./judge-base.ts";
import { keptLock } from "./judge-lock.ts";
import type { StageProject } from "./project.ts";
import { readReport } from "./report.ts";
import { rulesBetween } from "./rules.ts";
import { modelFolder, train } from "./train.ts";
import { readValidation } from "./validate.ts";
import type { AskedLedger } from "./vouched.ts";
import { WORKS } from "./works.ts";

/** All that is known when one contract is judged. */
export interface Scene {
  readonly head: GivenTree;
  readonly base: GivenTree;
  readonly bases: BaseContracts;
  readonly back: HandedBack;
  readonly ledger: AskedLedger;
  /** Whether a model counts that no run of ours trained. */
  readonly outside: boolean;
  /** The commit at which the change left the base. */
  readonly mergeBase: string | undefined;
}

/** What became of one contract. */
export interface Judged {
  readonly model: JudgedModel;
  /** Absolute path of the judged model's folder, until the tree is closed. */
  readonly bytes: string | undefined;
  readonly notes: readonly string[];
}

/** A failure that says where in the change its cause stands. */
export class Refused extends UserError {
  readonly line: number | undefined;

  constructor(message: string, line: number | undefined) {
    super(message);
    this.line = line;
  }
}

/**
 * Judges one contract of a change. No code of the change is run: its data and its contract are read, and
 * a model that was trained elsewhere is taken as data.
 *
 * @throws {UserError} where it cannot be judged
 */
export async function judgeModel(scene: Scene, folder: string): Promise<Judged> {
  const { head } = scene;
  const project = await openGiven(head, folder, { base: scene.base.commit, believed: false });
  const { model } = project.contract;
  const base = scene.bases.of(folder, model);
  const rules =
    base?.project === undefined
      ? []
      : await rulesBetween({ tree: head, project }, { tree: scene.base, project: base.project });
  const behind = await isBehind(scene, base);
  if (base !== undefined && rules.length === 0 && (await isUnchanged(scene, folder, project, base))) {
    return unchanged(folder, project, base, behind);
  }
  await begin(scene, folder, project, base);
  const { run, fingerprint } = await runBeforeTraining(project);
  if (fingerprint === undefined) throw await brokenData(project, run.stoppedBy ?? "");

  const draft = await project.files.draft();
  try {
    const search = { ...scene, project, folder, base, fingerprint, draft: join(draft, "model") };
    const candidate = await findCandidate(search);
    const works = WORKS.map((work) => (work === train ? givenTrain(candidate) : work));
    await runWorks(works, project, { signal: project.ports.signal });
    const bytes = join(project.folder, modelFolder(project.contract));
    const content = await project.files.content(bytes);
    if (content === undefined) throw new Error("the judged model is gone");
    const given = { ...candidate, folder: bytes };
    const decided = await decide(scene, project, base, given, rules, await readReport(project));
    const { report, proposed, notes } = decided;
    return {
      model: {
        model,
        folder,
        state: "judged",
        verdict: report.verdict,
        origin: candidate.origin,
        fingerprint,
        digest: digestText(content),
        problem: null,
        report,
        proposed,
        rules: [...rules],
        behind,
        files: await filesOf(scene, folder, project, content),
      },
      bytes,
      notes: [...originNotes(candidate, model), ...notes.map((note) => `${model}: ${note}`)],
    };
  } finally {
    await project.files.remove(draft);
  }
}

interface Decision {
  readonly report: Report;
  readonly proposed: Report | null;
  readonly notes: readonly string[];
}

/** Lets the base's rules decide where they are others than the change's. */
async function decide(
  scene: Scene,
  head: StageProject,
  base: BaseContract | undefined,
  given: Candidate,
  rules: readonly RulesChange[],
  ours: Report,
): Promise<Decision> {
  if (base === undefined) {
    return {
      report: ours,
      proposed: null,
      notes: ["first: the base has no such model, so the change's own rules decide"],
    };
  }
  if (base.project === undefined) {
    const reason = `its contract there is broken: ${base.broken}`;
    return { report: undecided(ours, reason), proposed: ours, notes: [] };
  }
  if (rules.length === 0) return { report: ours, proposed: null, notes: [] };

  const held = await rowsHeld(head, base.project);
  const found = await judgeByBase(head, base.project, given, ours);
  if (found.kind === "forbidden") {
    throw new Refused(found.reason, head.parsed.place(["features"]).line);
  }
  if (found.kind === "undecided") {
    return { report: undecided(ours, found.reason), proposed: ours, notes: [] };
  }
  const { report } = found;
  const moved = movesRows(rules);
  if (held.reason !== undefined) {
    const reason = `it may have been trained on rows that the base holds back, and which they are could not be told: ${held.reason}`;
    return { report: undecided(report, reason), proposed: ours, notes: [] };
  }
  if (held.beyond === 0) return { report, proposed: ours, notes: [] };
  const rows = `${held.beyond} rows to train on that the base holds back`;
  if (given.keptFrom.includes(scene.base.commit)) {
    const why = moved ? "the split is another one" : "the data are others";
    return {
      report,
      proposed: ours,
      notes: [`${why}: there are ${rows}; they were left out of the training`],
    };
  }
  const reason = `there are ${rows}, and nobody knows that they were left out of the training`;
  return { report: undecided(report, reason), proposed: ours, notes: [] };
}

/** How many rows the head trains or validates on that the base holds back. */
async function rowsHeld(
  head: StageProject,
  base: StageProject,
): Promise<{ readonly beyond: number; readonly reason: string | undefined }> {
  const draft = await head.files.draft();
  try {
    return await heldByBase(head, base, join(draft, "held.parquet"));
  } finally {
    await head.files.remove(draft);
  }
}

/** Lets the run find what the base has of the model: its pointer's other lines, and its bytes. */
async function begin(
  { head, base: tree }: Scene,
  folder: string,
  project: StageProject,
  base: BaseContract | undefined,
): Promise<void> {
  const { model } = project.contract;
  const pointer = `models/${model}.dvc`;
  const text = await tree.read(joinPath(folder, pointer));
  if (text !== undefined) await project.files.write(join(head.top, folder, pointer), text);
  const kept = base?.project;
  const known = kept?.lock.get("train")?.out.find(({ path }) => path === `models/${model}`);
  if (kept === undefined || known === undefined || (await project.cache.complete(known.md5))) return;
  if (await kept.cache.complete(known.md5)) await fetch(known.md5, project.cache, kept.cache);
}

/** Whether the change leaves the model, its lock and its pointer as they are on the base. */
async function isUnchanged(
  { head, base: tree }: Scene,
  folder: string,
  project: StageProject,
  base: BaseContract,
): Promise<boolean> {
  const lock = base.project?.lock;
  if (lock === undefined || lock.size < WORKS.length || base.folder !== folder) return false;
  for (const path of [LOCK_FILE, `models/${project.contract.model}.dvc`]) {
    const place = joinPath(folder, path);
    if ((await head.read(place)) !== (await tree.read(place))) return false;
  }
  return (await changedWorks(project, lock)).length === 0;
}

function unchanged(folder: string, project: StageProject, base: BaseContract, behind: boolean): Judged {
  const entry = base.project?.lock.get("train");
  const content = entry?.out.find(({ path }) => path === modelFolder(project.contract));
  return {
    model: {
      model: project.contract.model,
      folder,
      state: "unchanged",
      verdict: "pass",
      origin: "unchanged",
      fingerprint: entry?.fingerprint ?? null,
      digest: content === undefined ? null : digestText(content),
      problem: null,
      report: null,
      proposed: null,
      rules: [],
      behind,
      files: [],
    },
    bytes: undefined,
    notes: [],
  };
}

/** Whether the base got another lock since the change left it. */
async function isBehind(
  { head, base: tree, mergeBase }: Scene,
  base: BaseContract | undefined,
): Promise<boolean> {
  if (mergeBase === undefined || base === undefined) return false;
  const path = joinPath(base.folder, LOCK_FILE);
  for (const { repo } of [tree.workspace, head.workspace]) {
    try {
      const before = await repo?.show(mergeBase, path);
      const text = before === undefined ? undefined : Buffer.from(before).toString("utf8");
      return text !== (await tree.read(path));
    } catch (error) {
      if (!(error instanceof UserError)) throw error; // this repository does not hold the commit
    }
  }
  return false;
}

async function brokenData(project: StageProject, stopped: string): Promise<Refused> {
  const checks = (await readValidation(project))?.checks ?? [];
  const first = checks.find(({ verdict }) => verdict === "fail");
  const told = first === undefined ? "" : `: ${checkName(first)}: ${first.explanation}`;
  return new Refused(
    `${stopped} failed, the data break what the contract expects${told}`,
    first?.line ?? undefined,
  );
}

function originNotes({ origin }: Candidate, model: string): string[] {
  return origin === "trained outside" ? [`${model}: trained outside, not reproduced`] : [];
}

/** What goes to the branch: the lock, the pointer, and what keeps the model's bytes out of Git. */
async function filesOf(
  scene: Scene,
  folder: string,
  project: StageProject,
  content: Content,
): Promise<JudgedModel["files"]> {
  const files: JudgedModel["files"] = [];
  for (const name of [LOCK_FILE, `models/${project.contract.model}.dvc`, "models/.gitignore"]) {
    const path = joinPath(folder, name);
    const text = await project.files.read(join(project.folder, name));
    if (text === undefined) continue;
    const before = await scene.head.read(path);
    if (name === "models/.gitignore" && before === text) continue;
    files.push({ path, text: name === LOCK_FILE ? await keptLock(scene, text, before, content) : text });
  }
  return files;
}

const digestText = ({ md5, sha256, size }: Pick<Content, "md5" | "sha256" | "size">) => ({
  md5,
  sha256,
  size,
});

/** sha256 of a lock's text, as records have it. */
export const lockDigest = (text: string): string => digestOf(text).sha256;
