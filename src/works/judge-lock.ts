import { canonical } from "../core/artifacts/canonical.ts";
import { type Content, digestOf } from "../core/artifacts/digest.ts";
import { essence } from "../core/artifacts/fingerprint.ts";
import { type Lock, type LockedOutput, parseLock, printLock } from "../core/artifacts/lock.ts";
import type { Report } from "../core/report/report.ts";
import { UserError } from "../errors.ts";
import { TRAINING, train } from "./train.ts";
import { type AskedLedger, recordsOf } from "./vouched.ts";

/**
 * The lock that goes to the branch: the one that is there, where a verdict of ours wrote it and nothing
 * but what the training said of itself differs. A model that is vouched for comes without that, and a
 * commit that only takes it away would be followed by another judgement.
 *
 * @param made the lock of this judgement
 * @param there the lock of the change
 */
export async function keptLock(
  { ledger: { ledger } }: { readonly ledger: AskedLedger },
  made: string,
  there: string | undefined,
  model: Pick<Content, "sha256">,
): Promise<string> {
  if (ledger === undefined || there === undefined || there === made) return made;
  const [ours, theirs] = [lockOf(made), lockOf(there)];
  const fingerprint = ours?.get(train.name)?.fingerprint;
  if (ours === undefined || theirs === undefined || fingerprint === undefined) return made;
  if (canonical(withoutSaid(ours)) !== canonical(withoutSaid(theirs))) return made;
  const written = (await recordsOf(ledger, fingerprint)).some(
    ({ lock, digest }) => lock === digestOf(there).sha256 && digest.sha256 === model.sha256,
  );
  return written ? there : made;
}

/**
 * A lock that says of a model what the rules that decide found of it, and not what the change's own rules did,
 * where these are not to be read: who sees the branch sees its lock.
 */
export function decidedLock(text: string, report: Report): string {
  const lock = new Map(parseLock(text, "trainyard.lock"));
  const facts = {
    evaluate: {
      metrics: Object.fromEntries(report.metrics.map(({ name, value }) => [name, value])),
      gates: Object.fromEntries(report.gates.map(({ condition, verdict }) => [condition, verdict])),
    },
    report: { verdict: report.verdict, sentence: report.sentence },
  };
  for (const [name, said] of Object.entries(facts)) {
    const one = lock.get(name);
    if (one !== undefined) lock.set(name, { ...one, facts: said });
  }
  return printLock(lock);
}

function lockOf(text: string): Lock | undefined {
  try {
    return parseLock(text, "trainyard.lock");
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** What went into each work and what came out, but for what rests on what the training said. */
function withoutSaid(lock: Lock) {
  const said = new Set(["train", "evaluate", "report"]);
  return [...lock].map(([name, { in: ingredients, out, verdict }]) => ({
    name,
    verdict: verdict ?? null,
    in: ingredients
      .filter(({ kind, name: from }) => kind !== "stage" || !isOfSaid(from))
      .map((one) => [one.kind, one.name, essence(one)]),
    out: out.filter(({ path }) => !said.has(name) || !path.startsWith(".trainyard/")).map(bytesOf),
  }));
}

const isOfSaid = (name: string): boolean => name === `train: ${TRAINING}` || name.startsWith("evaluate: ");
const bytesOf = ({ path, sha256 }: LockedOutput): readonly string[] => [path, sha256];
