import type { Forge, ForgeAccess } from "../../ports/forge.ts";

export async function openForge(
  _access: ForgeAccess,
  _environment: Readonly<Record<string, string | undefined>>,
): Promise<Forge> {
  throw new Error("being built");
}
