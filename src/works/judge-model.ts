import { join } from "node:path";
import { copyFromCache } from "../artifacts/transfer.ts";
import type { Content } from "../core/artifacts/digest.ts";
import { LOCK_FILE } from "../core/artifacts/lock-name.ts";
import { joinPath } from "../core/artifacts/path.ts";
import type { JudgedModel } from "../core/proposal/documents.ts";
import type { Report } from "../core/report/report.ts";
import { checkName } from "../core/report/wording.ts";
import { UserError } from "../errors.ts";
import { runWorks } from "../pipeline/run.ts";
import { givenTrain } from "./given.ts";
import type { BaseContract } from "./given-base.ts";
import { type Candidate, findCandidate } from "./given-candidate.ts";
import { runBeforeTraining } from "./given-run.ts";
import { openGiven } from "./given-tree.ts";
import { forbiddenBy } from "./judge-base.ts";
import { decidedLock, keptLock } from "./judge-lock.ts";
import { digestText, type Judged, Refused, type Scene } from "./judge-scene.ts";
import { followsMain, stateFile } from "./judge-state.ts";
import { isBehind, isUnchanged, unchanged } from "./judge-unchanged.ts";
import { ledgerLooks, withLooks } from "./looks.ts";
import type { StageProject } from "./project.ts";
import { readReport } from "./report.ts";
import { rulesBetween, toldRules } from "./rules.ts";
import { modelFolder, train } from "./train.ts";
import { readValidation } from "./validate.ts";
import { isOfWaivers } from "./waivers.ts";
import { WORKS } from "./works.ts";

/**
 * Judges one contract of a change. No code of the change is run: its data and its contract are read, and
 * a model that was trained elsewhere is taken as data.
 *
 * @throws {UserError} where it cannot be judged
 */
export async function judgeModel(scene: Scene, folder: string): Promise<Judged> {
  const { head } = scene;
  const opened = await openGiven(head, folder, { base: scene.base.commit, believed: false });
  const { model } = opened.contract;
  const base = scene.bases.of(folder, model);
  const agreed = base?.project?.contract.evaluate.custom ?? {};
  const project: StageProject = { ...opened, pull: scene.pull, agreed };
  const rules =
    base?.project === undefined
      ? []
      : await rulesBetween({ tree: head, project }, { tree: scene.base, project: base.project });
  const behind = await isBehind(scene, base);
  if (base !== undefined && rules.every(isOfWaivers) && (await isUnchanged(scene, folder, project, base))) {
    return unchanged(folder, project, base, behind, rules);
  }
  await begin(scene, folder, project, base);
  const { run, fingerprint } = await runBeforeTraining(project);
  if (fingerprint === undefined) throw await brokenData(project, run.stoppedBy ?? "");
  const forbidden = await forbiddenBy(project, base?.project);
  if (forbidden !== undefined) throw new Refused(forbidden, project.parsed.place(["features"]).line);

  const draft = await project.files.draft();
  try {
    const search = { ...scene, project, folder, base, fingerprint, draft: join(draft, "model") };
    const candidate = await findCandidate(search).catch((error) => untrained(scene, project, base, error));
    const works = WORKS.map((work) => (work === train ? givenTrain(candidate) : work));
    await runWorks(works, project, { signal: project.ports.signal });
    const bytes = join(project.folder, modelFolder(project.contract));
    const content = await project.files.content(bytes);
    if (content === undefined) throw new Error("the judged model is gone");
    const given = { ...candidate, folder: bytes };
    const { decide } = await import("./judge-decide.ts"); // needed once the model was measured
    const decided = await decide(scene, project, base, given, rules, await readReport(project));
    const { proposed, notes } = decided;
    const rulesOf = base?.project?.contract ?? project.contract;
    const looks = await ledgerLooks(scene.ledger.ledger, rulesOf, content.sha256);
    const report = withLooks(decided.report, looks);
    const environment = followsMain(project, base);
    const withheld = (proposed ?? report).withheld !== undefined;
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
        rules: toldRules(rules),
        behind,
        files: [
          ...(await filesOf(scene, folder, project, content, withheld ? report : undefined)),
          ...(await stateFile(scene, project, base, content, environment)),
        ],
      },
      bytes,
      environment,
      notes: [...originNotes(candidate, model), ...notes.map((note) => `${model}: ${note}`)],
    };
  } finally {
    await project.files.remove(draft);
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
  if (await kept.cache.complete(known.md5)) await copyFromCache(known.md5, kept.cache, project.cache);
}

/** Why there is no model: nothing was trained where other contracts of the base forbid what it would be shown. */
async function untrained(
  scene: Scene,
  project: StageProject,
  base: BaseContract | undefined,
  error: unknown,
): Promise<never> {
  if (!(error instanceof UserError)) throw error;
  const { otherContracts } = await import("./other-contracts.ts");
  const { forbidden } = await otherContracts(scene, project, base);
  throw forbidden === undefined ? error : new Refused(forbidden, project.parsed.place(["features"]).line);
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

/**
 * What goes to the branch: the lock, the pointer, and what keeps the model's bytes out of Git.
 *
 * @param decided what the lock says of the model, where the change's own rules must not say it
 */
async function filesOf(
  scene: Scene,
  folder: string,
  project: StageProject,
  content: Content,
  decided: Report | undefined,
): Promise<JudgedModel["files"]> {
  const files: JudgedModel["files"] = [];
  for (const name of [LOCK_FILE, `models/${project.contract.model}.dvc`, "models/.gitignore"]) {
    const path = joinPath(folder, name);
    const made = await project.files.read(join(project.folder, name));
    if (made === undefined) continue;
    const text = name === LOCK_FILE && decided !== undefined ? decidedLock(made, decided) : made;
    const before = await scene.head.read(path);
    if (name === "models/.gitignore" && before === text) continue;
    files.push({ path, text: name === LOCK_FILE ? await keptLock(scene, text, before, content) : text });
  }
  return files;
}
