import { parse } from "yaml";
import type { GithubEvent } from "../contract.ts";
import type { Changes } from "./changes.ts";
import { git } from "./git.ts";
import type { Mirrors } from "./mirrors.ts";
import { starts } from "./triggers.ts";
import { isMapping } from "./value.ts";
import type { Workflow } from "./workflow.ts";

const FOLDER = ".github/workflows";

/** Events for which a file that cannot be read is reported; others would report it over and over. */
const REPORTED = ["push", "pull_request"];

interface Found {
  readonly path: string;
  /** The workflow's name, or its path where it has none. */
  readonly name: string;
}

/** Workflow files of commits: a commit never changes, and many events are about the same one. */
export type Files = Map<string, Promise<readonly (readonly [path: string, text: string])[]>>;

async function filesOf({ repository, workflowSha }: GithubEvent, mirrors: Mirrors) {
  const mirror = await mirrors.having(repository, workflowSha);
  const listed = await git(mirror, ["ls-tree", "-z", "--name-only", workflowSha, `${FOLDER}/`]);
  const paths = listed.split("\0").filter((path) => /\.ya?ml$/.test(path));
  return Promise.all(
    paths.sort().map(async (path) => [path, await git(mirror, ["show", `${workflowSha}:${path}`])] as const),
  );
}

/** The workflow files that an event starts, by their paths. */
export async function found(
  event: GithubEvent,
  mirrors: Mirrors,
  changes: Changes,
  known: Files,
): Promise<readonly Found[]> {
  const key = `${event.repository}@${event.workflowSha}`;
  const files = known.get(key) ?? filesOf(event, mirrors);
  known.set(key, files);
  const all: Found[] = [];
  for (const [path, text] of await files) {
    const one = await look(path, text, event, changes);
    if (one !== undefined) all.push(one);
  }
  return all;
}

async function look(
  path: string,
  text: string,
  event: GithubEvent,
  changes: Changes,
): Promise<Found | undefined> {
  const workflow = readable(text);
  if (workflow === undefined) return REPORTED.includes(event.name) ? { path, name: path } : undefined;
  if (!(await starts(workflow, event, changes, path))) return undefined;
  return { path, name: typeof workflow.name === "string" ? workflow.name : path };
}

/** A workflow as far as its triggers can be read; undefined where they cannot. */
function readable(text: string): Workflow | undefined {
  try {
    const value: unknown = parse(text, { uniqueKeys: false, logLevel: "error" });
    if (!isMapping(value) || value.on === undefined || value.on === null) return undefined;
    return value as unknown as Workflow;
  } catch {
    return undefined;
  }
}
