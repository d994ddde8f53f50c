import {
  type MonitorRecord,
  monitorFolder,
  monitorPath,
  parseMonitorRecord,
} from "../../core/triage/record.ts";
import type { Ledger } from "../../ports/ledger.ts";

/** A trouble that lasts longer is told from here on: hourly looks of twelve days. */
const MOST = 300;

/**
 * The newest records of a model in an environment, oldest first: as far back as the trouble of now goes,
 * and never more than are needed to know what people did to its issue.
 */
export async function readRecords(
  ledger: Ledger,
  model: string,
  environment: string,
): Promise<readonly MonitorRecord[]> {
  const paths = await ledger.list(monitorFolder(model, environment));
  const found: MonitorRecord[] = [];
  for (const path of [...paths].reverse().slice(0, MOST)) {
    const text = await ledger.read(path);
    const record = text === undefined ? undefined : parseMonitorRecord(text);
    if (record?.model !== model || record.environment !== environment) continue;
    found.push(record);
    if (record.verdict === "quiet") break; // what came before that has ended there
  }
  return found.reverse();
}

/** Writes a record down; the same look twice is one record. */
export async function writeRecord(ledger: Ledger, record: MonitorRecord, run: string): Promise<void> {
  await ledger.add([{ path: monitorPath(record, run), text: `${JSON.stringify(record, undefined, 2)}\n` }]);
}
