import type { ForgeAccess } from "../../ports/forge.ts";
import type { Ledger } from "../../ports/ledger.ts";

export function gitLedger(
  _access: ForgeAccess,
  _environment: Readonly<Record<string, string | undefined>>,
): Ledger {
  throw new Error("being built");
}
