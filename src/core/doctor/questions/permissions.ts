import { callsIn, NEEDS } from "../calls.ts";
import type { Facts, Finding } from "../facts.ts";
import type { Grants } from "../workflow.ts";

/** Does each caller grant what is asked of it, and no workflow more than it says? */
export default function permissions({ tree, forge }: Facts): readonly Finding[] {
  const found: Finding[] = [];
  for (const { called, workflow, job } of callsIn(tree.workflows)) {
    const grants = job.permissions ?? workflow.permissions;
    const needed = Object.entries(NEEDS[called]);
    const missing = needed.filter(([scope, level]) => !suffices(grants, scope, level));
    if (missing.length === 0) continue;
    found.push({
      name: "missing-permission",
      severity: "broken",
      what: `job "${job.id}" does not grant ${missing.map(([scope, level]) => `"${scope}: ${level}"`).join(", ")}`,
      why: "a called workflow can only have less than its caller; GitHub refuses to start the run",
      mend: [
        `let job "${job.id}" of ${workflow.file} have`,
        "    permissions:",
        ...needed.map(([scope, level]) => `      ${scope}: ${level}`),
      ].join("\n"),
      at: { file: workflow.file, line: job.permissions?.line ?? job.line },
    });
  }
  if (forge?.defaultPermissions === "write") {
    found.push({
      name: "wide-default",
      severity: "advice",
      what: "a workflow that does not say its permissions may write here",
      why: "the least careful workflow decides what a stolen token can do, a forged status included",
      mend: "Settings, Actions, General, Workflow permissions: choose “Read repository contents and packages permissions”",
    });
  }
  return found;
}

/** Without any grants the repository's default holds, which nobody should build on. */
function suffices(grants: Grants | undefined, scope: string, level: "read" | "write"): boolean {
  if (grants === undefined) return false;
  if (grants.all !== undefined)
    return grants.all === "write-all" || (grants.all === "read-all" && level === "read");
  const granted = grants.scopes.get(scope)?.level;
  return granted === "write" || (granted === "read" && level === "read");
}
