import type { Change } from "../artifacts/remotes.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import { flag } from "./inputs.ts";

/** Which file a `remote` command is about. */
export const levels = {
  local: flag("In .dvc/config.local, which Git does not keep: for credentials"),
  project: flag("In .dvc/config, as is done anyway"),
  global: flag("Not written here: DVC's configuration of the person is read, and left as it is"),
} as const;

/** @throws {UserError} exit 2 where the levels contradict each other */
export function changeOf(
  {
    local,
    project,
    global,
  }: { readonly local: boolean; readonly project: boolean; readonly global: boolean },
  { folder }: Ports,
): Change {
  if (global) {
    throw new UserError(
      "DVC's configuration of the person is read, and not written; edit it with `dvc remote`, or use --local for what is yours",
      { exit: EXIT.usage },
    );
  }
  if (local && project) throw new UserError("--local and --project go not together", { exit: EXIT.usage });
  return { level: local ? "local" : "repo", folder };
}
