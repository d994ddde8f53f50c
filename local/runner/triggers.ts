import type { GithubEvent } from "../contract.ts";
import type { Changes } from "./changes.ts";
import { matches } from "./patterns.ts";
import { isMapping, type Mapping, type Value } from "./value.ts";
import { listOf, type Trigger, triggersOf, type Workflow } from "./workflow.ts";

/** Activities that start a workflow where it names none; all of them for other events. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  pull_request: ["opened", "synchronize", "reopened"],
  pull_request_target: ["opened", "synchronize", "reopened"],
};

/** Events that start the one file that they name. */
const ONE_FILE: readonly string[] = ["workflow_dispatch", "schedule"];

/** The times at which a workflow starts, as they stand in its file: `17 3 * * *`. */
export function cronsOf({ on }: Pick<Workflow, "on">): readonly string[] {
  const entries: unknown = isMapping(on as Value) ? (on as Mapping).schedule : undefined;
  if (!Array.isArray(entries)) return [];
  return (entries as readonly Value[]).flatMap((entry) => {
    const cron = field(entry, "cron");
    return typeof cron === "string" ? [cron] : [];
  });
}

const field = (value: Value | undefined, ...path: readonly string[]): Value | undefined =>
  path.reduce<Value | undefined>((inner, key) => (isMapping(inner) ? inner[key] : undefined), value);

/** What the `branches` of a trigger are held against: the target, not the branch that is proposed. */
function branchOf({ name, payload, ref }: GithubEvent): string | undefined {
  const of = (...path: readonly string[]) => {
    const found = field(payload as Mapping, ...path);
    return typeof found === "string" ? found.replace(/^refs\/heads\//, "") : undefined;
  };
  switch (name) {
    case "pull_request":
    case "pull_request_target":
      return of("pull_request", "base", "ref");
    case "workflow_run":
      return of("workflow_run", "head_branch");
    case "merge_group":
      return of("merge_group", "base_ref");
    case "push":
      return ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : undefined;
    default:
      return undefined;
  }
}

const tagOf = ({ ref }: GithubEvent): string | undefined =>
  ref.startsWith("refs/tags/") ? ref.slice("refs/tags/".length) : undefined;

const has = (trigger: Trigger, key: string): boolean =>
  trigger[key] !== undefined || trigger[`${key}-ignore`] !== undefined;

/** Whether a name is meant by `key` and not by `key-ignore`. */
function meant(trigger: Trigger, key: string, name: string): boolean {
  if (trigger[key] !== undefined) return matches(listOf(trigger[key]), name);
  const ignored = trigger[`${key}-ignore`];
  return ignored === undefined || !matches(listOf(ignored), name);
}

function refMeant(trigger: Trigger, event: GithubEvent): boolean {
  const branches = has(trigger, "branches");
  const tags = has(trigger, "tags");
  if (!branches && !tags) return true;
  const branch = branchOf(event);
  if (branch !== undefined) return branches && meant(trigger, "branches", branch);
  const tag = event.name === "push" ? tagOf(event) : undefined;
  return tag !== undefined && tags && meant(trigger, "tags", tag);
}

async function pathsMeant(trigger: Trigger, event: GithubEvent, changes: Changes): Promise<boolean> {
  if (!has(trigger, "paths") || tagOf(event) !== undefined) return true;
  return (await changes.paths()).some((path) => meant(trigger, "paths", path));
}

/**
 * Whether an event starts a workflow, by the event's name, activity, branch, files, and source.
 *
 * @param path the workflow's own file: a dispatch and a schedule are meant for one
 */
export async function starts(
  workflow: Pick<Workflow, "on">,
  event: GithubEvent,
  changes: Changes,
  path?: string,
): Promise<boolean> {
  const trigger = triggersOf(workflow)[event.name];
  if (trigger === undefined) return false;
  const { workflow: meantFile, schedule } = event.payload as Mapping;
  if (ONE_FILE.includes(event.name) && path !== undefined && meantFile !== path) return false;
  if (event.name === "schedule") return cronsOf(workflow).includes(String(schedule));
  const action = field(event.payload as Mapping, "action");
  const types = trigger.types === undefined ? TYPES[event.name] : listOf(trigger.types);
  if (types !== undefined && !types.includes(String(action))) return false;
  if (event.name === "workflow_run") {
    const name = field(event.payload as Mapping, "workflow_run", "name");
    if (!listOf(trigger.workflows).includes(String(name))) return false;
  }
  return refMeant(trigger, event) && (await pathsMeant(trigger, event, changes));
}

/** What a commit's message says to start nothing, for pushes and pull requests. */
const SKIP = /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]|^skip-checks: *true$/m;

/** Whether the commit asks for silence. */
export async function silenced(event: GithubEvent, changes: Changes): Promise<boolean> {
  if (event.name !== "push" && event.name !== "pull_request") return false;
  return SKIP.test(await changes.message());
}
