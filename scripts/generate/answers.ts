import { EXPERIMENTS } from "./answers/experiments.ts";
import { HISTORY } from "./answers/history.ts";
import { REMOTES } from "./answers/remotes.ts";
import type { Answer } from "./answers/shapes.ts";
import { TRANSFERS } from "./answers/transfers.ts";
import { WORKSPACE } from "./answers/workspace.ts";

/*
 * What `--json` prints, command by command: the page docs/reference/json.md is made from it, and a test holds
 * what the commands print against it.
 */

export type { Answer };

/** Every command that is about artifacts, by name. */
export const ANSWERS: readonly Answer[] = [
  ...EXPERIMENTS,
  ...HISTORY,
  ...REMOTES,
  ...TRANSFERS,
  ...WORKSPACE,
].sort((a, b) => (a.command < b.command ? -1 : a.command > b.command ? 1 : 0));
