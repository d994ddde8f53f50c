import { callsIn } from "../calls.ts";
import type { Facts, Finding } from "../facts.ts";

/** Does a merge queue find somebody who answers? */
export default function mergeQueue({ tree, forge }: Facts): readonly Finding[] {
  if (forge?.rules.mergeQueue !== true) return [];
  return callsIn(tree.workflows)
    .filter(({ called, workflow }) => called === "pull-request" && !workflow.triggers.has("merge_group"))
    .map(({ workflow }) => ({
      name: "queue-waits",
      severity: "broken",
      what: `"${forge.defaultBranch}" has a merge queue, and "${workflow.file}" does not start on merge_group`,
      why: "the queue waits for a status that never comes, and takes every pull request out again",
      mend: `add to "on:" of ${workflow.file}:\n  merge_group:`,
      at: { file: workflow.file },
    }));
}
