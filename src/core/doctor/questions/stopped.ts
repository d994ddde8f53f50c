import { terminalText } from "../../report/escape.ts";
import { shellWord } from "../../text/shell-word.ts";
import { callsIn } from "../calls.ts";
import type { Facts, Finding } from "../facts.ts";

/** Why a workflow does not start, as GitHub names it. */
const WHY: Readonly<Record<string, string>> = {
  disabled_inactivity: "GitHub stops schedules where nothing was committed for sixty days",
  disabled_manually: "somebody disabled it",
  disabled_fork: "GitHub starts no schedules in a fork before somebody enables them",
};

/** Does the forge start our workflows at all? Whoever is stopped cannot say so. */
export default function stopped({ tree, forge }: Facts): readonly Finding[] {
  const states = forge?.disabled ?? new Map<string, string>();
  const files = new Set(callsIn(tree.workflows).map(({ workflow }) => workflow.file));
  return [...files].flatMap((file) => {
    const state = states.get(file);
    if (state === undefined) return [];
    return [
      {
        name: "stopped-workflow",
        severity: "broken",
        what: `"${file}" does not start any more: ${state.replace(/_/g, " ")}`,
        why: WHY[state] ?? "GitHub does not start it",
        mend: `gh workflow enable ${shellWord(terminalText(file.split("/").at(-1) ?? ""))} --repo ${forge?.repository}`,
        at: { file, line: 1 },
      } satisfies Finding,
    ];
  });
}
