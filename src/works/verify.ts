import { digestOf, digitsOf } from "../core/artifacts/digest.ts";
import { parseLock } from "../core/artifacts/lock.ts";
import { LOCK_FILE } from "../core/artifacts/lock-name.ts";
import { joinPath } from "../core/artifacts/path.ts";
import { parsePointer } from "../core/artifacts/pointer.ts";
import { gravest } from "../core/gates/verdict.ts";
import { waiversOver } from "../core/gates/waivers.ts";
import type { VerdictRecord } from "../core/proposal/documents.ts";
import { vouches } from "../core/proposal/vouch.ts";
import { UserError } from "../errors.ts";
import { changedWorks } from "./given-run.ts";
import { openGiven } from "./given-tree.ts";
import type { Judged, Scene } from "./judge-scene.ts";
import { followsMain } from "./judge-state.ts";
import { modelFolder, train } from "./train.ts";
import { recordsOf } from "./vouched.ts";
import { WORKS } from "./works.ts";

/**
 * Looks up whether a contract, as a merge would leave it, was judged: its lock must stand for all that goes
 * into it, and a verdict in the ledger must speak of the very bytes that it names. Nothing is trained or
 * scored, and no data are fetched.
 *
 * The verdict is the one that was given: one that waits for a person is not better for being looked up. But a
 * waiver has a last day, and may be taken back: where it does not hold any longer, the verdict is the one
 * that it stood in for.
 *
 * @throws {UserError} where it was not
 */
export async function verifyModel(scene: Scene, folder: string): Promise<Judged> {
  const { head, base } = scene;
  const path = joinPath(folder, LOCK_FILE);
  const text = await head.read(path);
  const lock = parseLock(text, path);
  const project = await openGiven(head, folder, { base: base.commit, believed: true });
  const { model } = project.contract;
  const entry = lock.get(train.name);
  const content = entry?.out.find((one) => one.path === modelFolder(project.contract));
  if (text === undefined || entry === undefined || content === undefined || lock.size < WORKS.length) {
    throw new UserError(
      `"${path}" names no model that was judged; the pull request was merged without its verdict`,
    );
  }
  const [changed] = await changedWorks(project, lock);
  if (changed !== undefined) {
    const why = changed.why[0] ?? "what goes into it changed";
    throw new UserError(
      `the lock does not stand after the merge: ${changed.work}: ${why}; merge the base branch into the pull request, and it is judged anew`,
    );
  }
  await holdPointer(scene, folder, model, content.md5);
  const known = {
    model,
    folder,
    fingerprint: entry.fingerprint as string,
    digest: { md5: content.md5 as string, sha256: content.sha256 as string, size: content.size },
    problem: null,
    report: null,
    proposed: null,
    rules: [],
    behind: false,
    files: [],
  };
  if (text === (await base.read(path))) {
    return {
      model: { ...known, state: "unchanged", verdict: "pass", origin: "unchanged" },
      bytes: undefined,
      notes: [],
    };
  }
  const record = await verdictOf(scene, text, known.fingerprint, known.digest.sha256);
  const same = record.lock === digestOf(text).sha256;
  const kept = scene.bases.of(folder, model);
  const today = new Date(project.ports.now()).toISOString().slice(0, 10);
  const over = waiversOver(record.gates, kept?.project?.waivers ?? [], today);
  return {
    model: {
      ...known,
      state: "judged",
      verdict: gravest([record.verdict, ...over.map(({ instead_of }) => instead_of)]),
      origin: record.origin,
    },
    bytes: undefined,
    environment: followsMain(project, kept),
    notes: [
      ...(same
        ? []
        : [
            `${model}: the lock is another one than the one that was judged; model and training are the same`,
          ]),
      ...over.map(
        ({ condition, until, why }) =>
          `${model}: the waiver of "${condition}" until ${until} ${why}; let the pull request be judged anew`,
      ),
    ],
  };
}

/** Who deploys follows the pointer, and not the lock. @throws {UserError} where it names other bytes */
async function holdPointer({ head }: Scene, folder: string, model: string, md5: string): Promise<void> {
  const path = joinPath(folder, `models/${model}.dvc`);
  const text = await head.read(path);
  if (text === undefined) return;
  const other = parsePointer(text, path).outs.find((out) => out.name !== md5);
  if (other === undefined) return;
  throw new UserError(
    `"${path}" names the bytes ${other.name === undefined ? "of no digest" : digitsOf(other.name)}, and the lock beside it says that ${md5} were judged`,
  );
}

/** The newest verdict of these bytes; one of this very lock before all others. */
async function verdictOf(
  { ledger: { ledger, reason }, outside }: Scene,
  lock: string,
  fingerprint: string,
  sha256: string,
): Promise<VerdictRecord> {
  if (ledger === undefined) throw new UserError(reason ?? "there is no ledger to look a verdict up in");
  const all = await recordsOf(ledger, fingerprint);
  const own = digestOf(lock).sha256;
  // a change of rules alone has the base's model judged anew, which vouches for no training
  const ofRules = (record: VerdictRecord): boolean =>
    record.origin === "unchanged" && record.lock === own && record.digest.sha256 === sha256;
  const ours = all
    .filter((record) => vouches(record, { fingerprint, sha256, outside }) || ofRules(record))
    .sort((a, b) => (a.judged_at < b.judged_at ? 1 : -1));
  const found = ours.find((record) => record.lock === own) ?? ours[0];
  if (found === undefined) {
    throw new UserError(
      `no verdict in the ledger speaks of the model ${sha256.slice(0, 12)} of the training ${fingerprint.slice(0, 12)}; let the pull request be judged first`,
    );
  }
  return found;
}
