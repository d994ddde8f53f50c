import type { Handoff } from "../../ports/handoff.ts";

export function actionsHandoff(_environment: Readonly<Record<string, string | undefined>>): Handoff {
  throw new Error("being built");
}
