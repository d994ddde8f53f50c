import { partsOf } from "./expressions.ts";
import { isMapping, type Value } from "./value.ts";
import type { Job, Step, Workflow } from "./workflow.ts";

/** Keys of a workflow file that are known, level by level: what is not here is refused. */
const WORKFLOW = "name description on env permissions concurrency defaults jobs cache-mode".split(" ");
const JOB =
  "name needs if permissions runs-on timeout-minutes continue-on-error concurrency environment env defaults strategy outputs steps uses with secrets cache-mode".split(
    " ",
  );
const STEP = "id name if uses with run shell working-directory env continue-on-error timeout-minutes".split(
  " ",
);
const SHELLS = ["bash", "sh", "python"];

const others = (value: object, known: readonly string[]): readonly string[] =>
  Object.keys(value).filter((key) => !known.includes(key));

const literal = (value: Value | undefined): value is string =>
  typeof value === "string" && !value.includes("${{");

/** What is unknown about the machine that a job asks for; nothing for Ubuntu and self-hosted ones. */
export function unknownMachine(labels: Value | undefined): string | undefined {
  const list = Array.isArray(labels) ? (labels as readonly Value[]) : [labels ?? null];
  const fits = list.every(
    (label) => typeof label === "string" && (list.includes("self-hosted") || label.startsWith("ubuntu-")),
  );
  if (fits && list.length > 0) return undefined;
  return `there is no machine for runs-on ${JSON.stringify(labels)}; there are ubuntu-… and self-hosted ones`;
}

function ofStep(step: Step, where: string): string[] {
  const found = others(step, STEP).map((key) => `${where} has "${key}"`);
  if (step.uses?.startsWith("docker://")) found.push(`${where} uses a container, "${step.uses}"`);
  if (literal(step.shell) && !SHELLS.includes(step.shell) && !step.shell.includes("{0}")) {
    found.push(
      `${where} has the shell "${step.shell}"; there are ${SHELLS.join(", ")} and commands with {0}`,
    );
  }
  return found;
}

function ofJob(id: string, job: Job): string[] {
  const machine = job["runs-on"];
  const dynamic = JSON.stringify(machine ?? "").includes("${{");
  const unknown = machine === undefined || dynamic ? undefined : unknownMachine(machine);
  return [
    ...others(job, JOB).map((key) => `job "${id}" has "${key}"`),
    ...(unknown === undefined ? [] : [`job "${id}": ${unknown}`]),
    ...(/GITHUB_TOKEN|github\.token/i.test(JSON.stringify(job.secrets ?? ""))
      ? [`job "${id}" hands its token over as a secret`]
      : []),
    ...(job.steps ?? []).flatMap((step, i) => ofStep(step, `step ${i + 1} of job "${id}"`)),
  ];
}

/** Expressions that ask for files by their digest, which this runner does not count. */
function hashes(value: Value): boolean {
  if (typeof value === "string") {
    return /hashFiles\s*\(/i.test(value) && partsOf(value).some((part) => /hashFiles/i.test(part.text));
  }
  if (Array.isArray(value)) return (value as readonly Value[]).some(hashes);
  return isMapping(value) && Object.values(value).some(hashes);
}

const dropping = (concurrency: Value | undefined): boolean =>
  isMapping(concurrency) && concurrency.queue === "max" && concurrency["cancel-in-progress"] === true;

/** What a right workflow file has that this runner does not know, or GitHub does not take. */
export function unsupported(workflow: Workflow): readonly string[] {
  const jobs = Object.entries(workflow.jobs);
  const groups = [workflow.concurrency, ...jobs.map(([, { concurrency }]) => concurrency)];
  return [
    ...others(workflow, WORKFLOW).map((key) => `the workflow has "${key}"`),
    ...jobs.flatMap(([id, job]) => ofJob(id, job)),
    ...(hashes(workflow as unknown as Value) ? ["an expression calls hashFiles()"] : []),
    ...(groups.some(dropping) ? ["concurrency has both queue: max and cancel-in-progress: true"] : []),
  ];
}

/** What a composite action has that this runner does not know. */
export const unsupportedSteps = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap((step, i) => ofStep(step, `step ${i + 1}`));
