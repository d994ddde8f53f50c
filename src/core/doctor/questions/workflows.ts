import { callsIn } from "../calls.ts";
import type { Facts, Finding } from "../facts.ts";
import { recordOf } from "../workflow.ts";

/** Those that a change is trained and judged by; ./after-merge.ts asks for the others. */
type Proposing = "pull-request" | "judge" | "command";

const ROLES: Readonly<Record<Proposing, { readonly does: string; readonly triggers: readonly string[] }>> = {
  "pull-request": { does: "trains what a pull request proposes", triggers: ["pull_request"] },
  judge: { does: "judges what was trained", triggers: ["workflow_run"] },
  command: { does: "answers `/trainyard train COMMIT`", triggers: ["issue_comment"] },
};

/** The judge's own default of its input `workflow`. */
const JUDGED = ".github/workflows/trainyard.yml";

/** Do the two halves run, do they know each other, and are they on the default branch? */
export default function workflows({ tree, forge }: Facts): readonly Finding[] {
  const calls = callsIn(tree.workflows);
  const found: Finding[] = [];
  for (const [called, { does, triggers }] of Object.entries(ROLES)) {
    const all = calls.filter((call) => call.called === called);
    if (all.length === 0) {
      found.push({
        name: `no-${called}`,
        severity: called === "command" ? "advice" : "broken",
        what: `no workflow ${does}`,
        why: `nothing calls trainyard/trainyard/.github/workflows/${called}.yml`,
        mend: "npx trainyard init  # writes what is missing, and leaves what is there",
      });
    }
    for (const { workflow, job } of all) {
      for (const trigger of triggers.filter((name) => !workflow.triggers.has(name))) {
        found.push({
          name: "no-trigger",
          severity: "broken",
          what: `"${workflow.file}" ${does}, but does not start on ${trigger}`,
          why: "it never runs, or runs on something that it does not understand",
          mend: `add to "on:" of ${workflow.file}:\n  ${trigger}:`,
          at: { file: workflow.file, line: job.line },
        });
      }
    }
  }
  const proposals = calls.filter(({ called }) => called === "pull-request").map(({ workflow }) => workflow);
  for (const { workflow, job } of calls.filter(({ called }) => called === "judge")) {
    const at = { file: workflow.file, line: job.line };
    const listed = recordOf(workflow.triggers.get("workflow_run")).workflows;
    const names = Array.isArray(listed) ? listed.map(String) : [];
    for (const { name, file } of proposals) {
      if (names.includes(name ?? file)) continue;
      found.push({
        name: "judge-waits-for-another",
        severity: "broken",
        what: `"${workflow.file}" waits for ${names.map((one) => `"${one}"`).join(", ") || "nothing"}, and what trains is called "${name ?? file}"`,
        why: "workflow_run goes by the name of the workflow, so no run is ever judged",
        mend: `set in ${workflow.file}:\n  workflow_run:\n    workflows: [${name ?? file}]`,
        at,
      });
    }
    const judged = typeof job.with.workflow === "string" ? job.with.workflow : JUDGED;
    if (proposals.length > 0 && !proposals.some(({ file }) => file === judged)) {
      found.push({
        name: "judge-refuses-the-file",
        severity: "broken",
        what: `"${workflow.file}" judges runs of "${judged}" alone, and what trains is "${proposals[0]?.file}"`,
        why: "a name could be taken by another file, so the judge goes by the file",
        mend: `set in job "${job.id}" of ${workflow.file}:\n    with:\n      workflow: ${proposals[0]?.file}`,
        at,
      });
    }
    if (forge !== undefined && !forge.onDefault.includes(workflow.file)) {
      found.push({
        name: "judge-not-merged",
        severity: "advice",
        what: `"${workflow.file}" is not on the default branch "${forge.defaultBranch}" yet`,
        why: "GitHub starts workflow_run from the default branch alone: pull requests are trained, and have no verdict yet",
        mend: "merge the pull request that adds it; verdicts begin with the next one",
        at,
      });
    }
  }
  return found;
}
