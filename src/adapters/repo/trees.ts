import type { LaidOut, LayOut } from "../../ports/trees.ts";

export async function layOut(
  _request: LayOut,
  _environment: Readonly<Record<string, string | undefined>>,
): Promise<LaidOut> {
  throw new Error("being built");
}
