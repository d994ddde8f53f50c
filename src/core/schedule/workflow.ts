import { UserError } from "../../errors.ts";

/** A line of a workflow's schedule, and what it is for. */
export interface ScheduleLine {
  readonly cron: string;
  readonly note: string;
}

const BLOCK = /^ {2}schedule:\n(?: {4}.*\n)+/m;

/**
 * A workflow file with these lines as its schedule, and without one where there are none.
 *
 * @throws {UserError} where the file has none to put them in the place of
 *
 * @example withSchedule("on:\n  schedule:\n    - cron: x\njobs: {}\n", [{ cron: "5 3 * * *", note: "wages, daily" }]) // => "on:\n  schedule:\n    - cron: \"5 3 * * *\" # wages, daily\njobs: {}\n"
 * @example withSchedule("on:\n  schedule:\n    - cron: x\n  push:\n", []) // => "on:\n  push:\n"
 */
export function withSchedule(text: string, lines: readonly ScheduleLine[]): string {
  if (!BLOCK.test(text)) throw new UserError("the workflow's template has no schedule");
  const block = lines.map(({ cron, note }) => `    - cron: "${cron}" # ${note}\n`).join("");
  return text.replace(BLOCK, () => (block === "" ? "" : `  schedule:\n${block}`));
}
