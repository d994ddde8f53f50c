import { judgedFiles } from "../../core/experiments/of-judgement.ts";
import type { Judgement } from "../../core/proposal/documents.ts";
import { recordsOf } from "../../core/proposal/record.ts";
import { recordFiles } from "../../core/proposal/vouch.ts";
import { UserError } from "../../errors.ts";
import { toolIngredient } from "../../pipeline/ingredients.ts";
import type { Ledger } from "../../ports/ledger.ts";
import { runAddress } from "./facts.ts";
import type { Scene, Talk } from "./scene.ts";

/**
 * Writes the verdicts down. A record's path says what was judged and with what result: one that stands
 * was written by an earlier attempt, with that attempt's time, and stays.
 *
 * @throws {UserError} where the ledger refuses
 */
export async function writeRecords(scene: Scene, { pull }: Talk, judgement: Judgement): Promise<void> {
  const { run, trainingRun, now } = scene;
  const records = recordsOf(judgement, {
    pull: pull.number,
    trainedBy: trainingRun === undefined ? null : (runAddress(pull, trainingRun) ?? null),
    judgedBy: run?.url ?? "",
    judgedAt: now().toISOString(),
    tool: `trainyard ${String(toolIngredient().value)}`,
  });
  const files = [...records.flatMap(recordFiles), ...judgedFiles(judgement, records)];
  if (files.length === 0) return;
  const ledger = await scene.ledger();
  const lacking = await missingFrom(ledger, files);
  if (lacking.length === 0) return;
  try {
    await ledger.add(lacking);
  } catch (error) {
    // somebody else may have written the same verdict meanwhile, at another second
    if (!(error instanceof UserError) || (await missingFrom(ledger, files)).length > 0) throw error;
  }
}

async function missingFrom<F extends { readonly path: string }>(
  ledger: Ledger,
  files: readonly F[],
): Promise<readonly F[]> {
  const lacking: F[] = [];
  for (const file of files) if ((await ledger.read(file.path)) === undefined) lacking.push(file);
  return lacking;
}
