import type { DeploymentRecord } from "../../core/deployments/documents.ts";
import { deploymentPath } from "../../core/deployments/records.ts";
import { UserError } from "../../errors.ts";
import type { Ledger } from "../../ports/ledger.ts";

/**
 * Writes down how a deployment ended. Its path says which deployment and which end: one that stands was
 * written by an earlier attempt, with that attempt's time, and stays.
 *
 * @throws {UserError} where the ledger refuses
 */
export async function writeRecord(ledger: Ledger, record: DeploymentRecord): Promise<void> {
  const path = deploymentPath(record);
  if ((await ledger.read(path)) !== undefined) return;
  try {
    await ledger.add([{ path, text: `${JSON.stringify(record, undefined, 2)}\n` }]);
  } catch (error) {
    // another run may have written the same end meanwhile, at another second
    if (!(error instanceof UserError) || (await ledger.read(path)) === undefined) throw error;
  }
}
