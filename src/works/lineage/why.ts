import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { type Digest, digestOf } from "../../core/artifacts/digest.ts";
import { type Lock, parseLock } from "../../core/artifacts/lock.ts";
import { LOCK_FILE } from "../../core/artifacts/lock-name.ts";
import type { LogEntry } from "../../core/lineage/entry.ts";
import { ingredientsUpTo, isMeasured, metricsOf, stageOf } from "../../core/lineage/made.ts";
import type { Measured, Why } from "../../core/lineage/why.ts";
import { foldTags } from "../../core/registry/fold.ts";
import { UserError } from "../../errors.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { Repo } from "../../ports/repo.ts";
import type { Workspace } from "../../ports/workspace.ts";
import { EVALUATION } from "../evaluate.ts";
import { deploymentsOf, verdictsOf } from "../ledger-records.ts";
import { type Asked, type Found, find, isSame } from "./found.ts";
import { versionLog } from "./log.ts";

type Told = Omit<Why, "records" | "deployments" | "pulls">;

/**
 * All that the repository itself knows of how a model came to be.
 *
 * @throws {UserError} where nothing here knows these bytes, or the digits fit several
 */
export async function whyOf(workspace: Workspace, asked: Asked): Promise<Told> {
  const { repo, root } = workspace;
  if (repo === undefined)
    throw new UserError(`${root} is in no Git repository, which knows how models came to be`);
  const registry = [...foldTags(await repo.tags()).values()].filter(
    ({ model }) => model === asked.model || model.endsWith(`:${asked.model}`),
  );
  const { path, entries } = await historyOf(workspace, asked.model);
  const found = await find(workspace, asked, registry, entries);
  const entry = entries.filter(({ after }) => after !== undefined && isSame(after, found)).at(-1); // the oldest
  const known = found.commit ?? entry?.commit;
  const told = known === undefined ? undefined : await lockNaming(repo, known, path, found);
  const { after } = entry ?? {};
  const bytes = { ...after, ...told?.bytes };
  const md5 = found.md5 ?? after?.name;
  return {
    model: asked.model,
    md5,
    sha256: found.sha256 ?? bytes.sha256,
    size: bytes.size,
    nfiles: bytes.nfiles,
    found: found.found,
    versions: registry.flatMap(({ versions }) =>
      versions.flatMap(({ tag, by, at, facts, registered }) =>
        registered &&
        isSame(
          { name: facts.md5 ?? "", ...(facts.sha256 === undefined ? {} : { sha256: facts.sha256 }) },
          found,
        )
          ? [{ tag, by, at }]
          : [],
      ),
    ),
    commit: entry && { id: entry.commit, author: entry.author, at: entry.at, subject: entry.subject },
    ...(await madeBy(workspace, told)),
    notes: [
      ...found.notes,
      ...(told === undefined
        ? ["no lock in this history names these bytes, so what they were made from is not known"]
        : []),
    ],
  };
}

/** Changes of the model's version up to the checked-out commit, and where it lies. */
async function historyOf(
  workspace: Workspace,
  model: string,
): Promise<{ readonly path: string; readonly entries: readonly LogEntry[] }> {
  const path = `models/${model}`;
  const most = Number.POSITIVE_INFINITY;
  const { entries } = await versionLog(workspace, { path, revision: "HEAD", most });
  if (entries.length > 0) return { path, entries };
  const all = await versionLog(workspace, { path: "", revision: "HEAD", most });
  const elsewhere = all.entries.filter((entry) => entry.path.endsWith(`/${path}`));
  const folders = [...new Set(elsewhere.map((entry) => entry.path))];
  if (folders.length > 1) {
    throw new UserError(
      `there are ${folders.length} models "${model}": ${folders.join(", ")}; ask in the folder of one with -C`,
    );
  }
  return { path: folders[0] ?? path, entries: elsewhere };
}

interface ToldByLock {
  readonly lock: Lock;
  readonly stage: string;
  readonly bytes: {
    readonly name: string;
    readonly sha256: string;
    readonly size: number;
    readonly nfiles?: number;
  };
}

/** The lock of a commit, where it says what made these bytes. */
async function lockNaming(
  repo: Repo,
  commit: string,
  path: string,
  found: Found,
): Promise<ToldByLock | undefined> {
  const at = path.lastIndexOf("models/");
  const file = `${path.slice(0, at)}${LOCK_FILE}`;
  const text = (await repo.readAll(commit, [file])).get(file);
  const lock = parseLock(text, `${file} at ${commit.slice(0, 7)}`);
  for (const [, { out }] of lock) {
    const one = out.find(
      (output) =>
        output.path === path.slice(at) && isSame({ name: output.md5, sha256: output.sha256 }, found),
    );
    const stage = one && stageOf(lock, one.path, one.md5);
    if (one !== undefined && stage !== undefined) {
      const { md5, sha256, size, nfiles } = one;
      return { lock, stage, bytes: { name: md5, sha256, size, ...(nfiles === undefined ? {} : { nfiles }) } };
    }
  }
  return undefined;
}

async function madeBy(
  workspace: Workspace,
  told: ToldByLock | undefined,
): Promise<Pick<Why, "ingredients" | "fingerprint" | "metrics" | "gates">> {
  if (told === undefined) return { ingredients: [], fingerprint: undefined, metrics: [], gates: [] };
  const { lock, stage, bytes } = told;
  const own = ingredientsUpTo(lock, stage);
  const judged = isMeasured(lock, bytes.name);
  const gates = judged ? lock.get("evaluate")?.facts.gates : undefined;
  const isTable = typeof gates === "object" && gates !== null && !Array.isArray(gates);
  return {
    ingredients: own,
    fingerprint: lock.get(stage)?.fingerprint,
    metrics: judged ? await withIntervals(workspace, lock) : [],
    gates: isTable
      ? Object.entries(gates).map(([condition, verdict]) => ({ condition, verdict: String(verdict) }))
      : [],
  };
}

/** The lock's numbers, with their intervals where the evaluation that it names is in the cache or the working tree. */
async function withIntervals(workspace: Workspace, lock: Lock): Promise<readonly Measured[]> {
  const metrics = metricsOf(lock);
  const named = lock.get("evaluate")?.out.find(({ path }) => path === EVALUATION);
  const text = named && (await evaluationNamed(workspace, named));
  const known = new Map(text === undefined ? [] : intervalsIn(text));
  return Object.entries(metrics).map(([name, value]) => ({ name, value, interval: known.get(name) ?? null }));
}

/** An evaluation larger than this is none that we wrote. */
const LARGEST = 2 ** 26;

async function evaluationNamed(
  { files, root, cache }: Workspace,
  { md5, sha256 }: Digest,
): Promise<string | undefined> {
  const isIt = (text: string | undefined): boolean => text !== undefined && digestOf(text).sha256 === sha256;
  const here = await files.read(join(root, EVALUATION));
  if (isIt(here)) return here;
  if (!(await cache.has(md5))) return undefined;
  const kept = cache.open(md5);
  const text = kept.size > LARGEST ? undefined : String(await buffer(kept.bytes()));
  return isIt(text) ? text : undefined;
}

/** Intervals by metric; the bytes are those of the lock, which does not say who wrote them. */
function intervalsIn(text: string): readonly (readonly [string, NonNullable<Measured["interval"]>])[] {
  const { metrics } = JSON.parse(text) as { readonly metrics?: readonly Measured[] };
  return (Array.isArray(metrics) ? (metrics as readonly Measured[]) : []).flatMap(({ name, interval }) =>
    interval === null || interval === undefined ? [] : [[name, interval] as const],
  );
}

/** What the ledger says of the bytes: verdicts on them, and where they went. The newest first. */
export async function toldByLedger(
  ledger: Ledger,
  { model, sha256 }: Pick<Why, "model" | "sha256">,
): Promise<{ readonly records: NonNullable<Why["records"]>; readonly deployments: Why["deployments"] }> {
  if (sha256 === undefined) return { records: [], deployments: [] };
  const records = [...(await verdictsOf(ledger, model, sha256))];
  const paths = await ledger.list("deployments");
  const environments = new Set(
    paths.flatMap((path) => {
      const [, environment, named] = path.split("/");
      return named === model.toLowerCase() && environment !== undefined ? [environment] : [];
    }),
  );
  const deployments = (
    await Promise.all([...environments].map((environment) => deploymentsOf(ledger, environment, model)))
  ).flat();
  return {
    records: records.sort((a, b) => (a.judged_at < b.judged_at ? 1 : -1)),
    deployments: deployments
      .filter(({ digest }) => digest.sha256 === sha256)
      .sort((a, b) => (a.deployed_at < b.deployed_at ? 1 : -1)),
  };
}
