import { dirname, join } from "node:path";
import type { Contract } from "../config/contract.ts";
import { parseWaivers, WAIVERS, type Waiver } from "../config/waivers.ts";
import type { Files } from "../ports/files.ts";

/**
 * The waivers beside a contract; none where there is no such file.
 *
 * @param name the contract's path for a person
 * @throws {ContractErrors} with the places of what is wrong
 */
export async function readWaivers(
  files: Files,
  folder: string,
  name: string,
  { evaluate }: Pick<Contract, "evaluate">,
): Promise<readonly Waiver[]> {
  const text = await files.read(join(folder, WAIVERS));
  if (text === undefined) return [];
  const gates = evaluate.gates.map(({ gate }) => gate);
  return parseWaivers(text, join(dirname(name), WAIVERS), gates);
}
