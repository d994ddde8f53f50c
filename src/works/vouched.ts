import { fetch, isWithin } from "../artifacts/transfer.ts";
import type { Content, Md5, Sha256 } from "../core/artifacts/digest.ts";
import type { VerdictRecord } from "../core/proposal/documents.ts";
import { indexedPath, indexFolder, parseRecord, vouchedDigests } from "../core/proposal/vouch.ts";
import { UserError } from "../errors.ts";
import { remoteOf } from "../pipeline/assess.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Ports } from "../ports/ports.ts";
import type { Workspace } from "../ports/workspace.ts";

/** The ledger, or why it cannot be asked: then nothing is vouched for. */
export interface AskedLedger {
  readonly ledger: Ledger | undefined;
  readonly reason: string | undefined;
}

/** Opens the ledger. A person's terminal is asked for no credentials: without a token it is not asked. */
export async function openLedger(ports: Ports, token: string | undefined): Promise<AskedLedger> {
  if (ports.host.kind === "terminal" && token === undefined) {
    return { ledger: undefined, reason: "the ledger was not asked, since no token is given" };
  }
  try {
    const ledger = await ports.ledger({ token });
    await ledger.list("verdicts"); // says at once whether it can be reached
    return { ledger, reason: undefined };
  } catch (error) {
    if (error instanceof UserError) {
      return { ledger: undefined, reason: `the ledger could not be read: ${error.message}` };
    }
    throw error;
  }
}

/** More verdicts than anybody has one training judged for; each costs a run of the judge. */
const MOST_RECORDS = 500;

/** The verdicts of a training; none where the ledger holds nothing of it, or something else under its name. */
export async function recordsOf(ledger: Ledger, fingerprint: string): Promise<readonly VerdictRecord[]> {
  const entries = await ledger.list(indexFolder(fingerprint));
  const records: VerdictRecord[] = [];
  for (const entry of entries.slice(0, MOST_RECORDS)) {
    const path = indexedPath((await ledger.read(entry)) ?? "");
    const record = path === undefined ? undefined : parseRecord((await ledger.read(path)) ?? "");
    if (record?.fingerprint === fingerprint) records.push(record);
  }
  return records;
}

/** A model that verdicts of ours vouch for. */
export interface VouchedModel extends Pick<Content, "md5" | "sha256" | "size"> {
  /** The bases against which it was judged when it was trained: it saw no row that these hold back. */
  readonly bases: readonly string[];
}

/**
 * A model that a verdict of ours vouches for and whose bytes can be had; undefined where there is none.
 *
 * What a training hands over is its author's word, merged or not. So a pull request is given the models of
 * its own trainings alone: by another one, with the same change and a training of its own making, anybody
 * could put their bytes under this one's name.
 *
 * @param pull the pull request that asks; undefined on a laptop, where all verdicts count
 */
export async function vouchedModel(
  { ledger }: AskedLedger,
  workspace: Workspace,
  fingerprint: string,
  pull: number | undefined,
): Promise<VouchedModel | undefined> {
  if (ledger === undefined) return undefined;
  const all = await recordsOf(ledger, fingerprint);
  const records = all.filter((record) => pull === undefined || record.pull === pull);
  for (const { md5, sha256, size } of vouchedDigests(records, fingerprint)) {
    if (!(await canBeHad(workspace, md5))) continue;
    const trained = records.filter(
      ({ digest, origin }) => digest.sha256 === sha256 && origin === "trained here",
    );
    return { md5: md5 as Md5, sha256: sha256 as Sha256, size, bases: trained.map(({ base }) => base) };
  }
  return undefined;
}

async function canBeHad(workspace: Workspace, md5: Md5): Promise<boolean> {
  return isWithin(md5, workspace.cache, await remoteOf(workspace));
}

/**
 * Puts a model's folder to a path, by its digest.
 *
 * @throws {ObjectMissing} where nobody has it, and {ObjectDamaged} where its bytes are others
 */
export async function bringModel(
  workspace: Workspace,
  { md5, sha256 }: Pick<Content, "md5" | "sha256">,
  path: string,
): Promise<void> {
  const { cache } = workspace;
  if (!(await cache.complete(md5))) await fetch(md5, cache, await workspace.remote());
  await cache.checkout(md5, path, { sha256 });
}
