import { callsIn } from "../calls.ts";
import type { Facts, Finding } from "../facts.ts";
import { isPinned } from "../uses.ts";
import type { Workflow } from "../workflow.ts";

/** What of the repository's other workflows could undo all of this? */
export default function others({ tree: { workflows }, forge }: Facts): readonly Finding[] {
  const ours = new Set(callsIn(workflows).map(({ job }) => job));
  const found: Finding[] = [];
  for (const workflow of workflows) {
    const loose = usesOf(workflow, ours).filter(({ uses }) => !isPinned(uses));
    if (loose.length > 0) {
      const names = [...new Set(loose.map(({ uses }) => uses))];
      found.push({
        name: "unpinned",
        severity: "advice",
        what: `"${workflow.file}" uses ${names.slice(0, 3).join(", ")}${names.length > 3 ? ` and ${names.length - 3} more` : ""}`,
        why: "a tag can be moved to other code, and was; that code would have this repository's tokens and secrets",
        mend: `write the commit instead of the tag, with the version behind "#":\n  uses: ${names[0]?.replace(/@.*$/, "")}@<40 digits> # ${names[0]?.replace(/^.*@/, "")}`,
        at: { file: workflow.file, line: loose[0]?.line ?? 1 },
      });
    }
    if (workflow.triggers.has("pull_request_target")) {
      const isPublic = forge?.private === false;
      found.push({
        name: "pull-request-target",
        severity: isPublic ? "broken" : "advice",
        what: `"${workflow.file}" starts on pull_request_target`,
        why: isPublic
          ? "GitHub's default policy blocks the event in public repositories since November 2026; where it runs, a stranger's change is near your secrets"
          : "a change's author chooses what it works on, and it has the base's secrets",
        mend: "split it into a workflow on pull_request without rights and one on workflow_run, as docs/github/security.md explains",
        at: { file: workflow.file },
      });
    }
  }
  for (const { workflow, job } of callsIn(workflows)) {
    if (job.value.secrets !== "inherit") continue;
    found.push({
      name: "inherited-secrets",
      severity: "advice",
      what: `job "${job.id}" hands over every secret there is`,
      why: "it needs TRAINYARD_REMOTE, and the judge's own are in its environment",
      mend: `say in job "${job.id}" of ${workflow.file}:\n    secrets:\n      TRAINYARD_REMOTE: \${{ secrets.TRAINYARD_REMOTE }}`,
      at: { file: workflow.file, line: job.line },
    });
  }
  return found;
}

/** What others made and this workflow uses, with the lines. */
function usesOf(
  { jobs }: Workflow,
  ours: ReadonlySet<unknown>,
): { readonly uses: string; readonly line: number }[] {
  return jobs
    .filter((job) => !ours.has(job))
    .flatMap((job) => [job, ...job.steps])
    .flatMap(({ uses, line }) => (uses === undefined ? [] : [{ uses, line }]));
}
