import assert from "node:assert/strict";
import type { RunResult } from "../../local/contract.ts";
import { explain, type World } from "../../local/world.ts";

/** A comment as the API shows it. */
export interface ShownComment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly login: string };
}

/** All comments of a pull request. */
export async function comments(world: World, pull: number): Promise<readonly ShownComment[]> {
  const found: unknown = await world.ada.api(
    "GET",
    `/repos/${world.repository}/issues/${pull}/comments?per_page=100`,
  );
  return found as readonly ShownComment[];
}

/** Our comments on a pull request: there is never more than one. */
export async function verdicts(world: World, pull: number): Promise<readonly ShownComment[]> {
  return (await comments(world, pull)).filter(
    ({ body, user }) => body.startsWith("<!-- trainyard:verdict") && user.login.endsWith("[bot]"),
  );
}

/** The one comment of ours. */
export async function verdict(world: World, pull: number, runs: readonly RunResult[]): Promise<string> {
  const found = await verdicts(world, pull);
  assert.equal(found.length, 1, explain(runs));
  return found[0]?.body ?? "";
}

/** What a pull request is now. */
export async function pullOf(
  world: World,
  pull: number,
): Promise<{ readonly head: { readonly sha: string }; readonly state: string; readonly merged: boolean }> {
  return (await world.ada.api("GET", `/repos/${world.repository}/pulls/${pull}`)) as never;
}

/** The state of our status on a commit; undefined where it has none. */
export async function statusOf(
  world: World,
  commit: string,
): Promise<{ readonly state: string; readonly description: string } | undefined> {
  const { statuses } = (await world.ada.api(
    "GET",
    `/repos/${world.repository}/commits/${commit}/status`,
  )) as never as {
    statuses: { context: string; state: string; description: string }[];
  };
  return statuses.find(({ context }) => context === "trainyard");
}

/** Our checks on a commit, newest first. */
export async function checksOf(
  world: World,
  commit: string,
): Promise<
  readonly {
    readonly id: number;
    readonly conclusion: string;
    readonly output: { readonly title: string; readonly annotations_count: number };
  }[]
> {
  const { check_runs } = (await world.ada.api(
    "GET",
    `/repos/${world.repository}/commits/${commit}/check-runs?check_name=Trainyard`,
  )) as never as { check_runs: [] };
  return check_runs;
}

/** Notes on lines of the first of our checks on a commit, in their order. */
export async function annotationsOf(
  world: World,
  commit: string,
): Promise<
  readonly { readonly path: string; readonly start_line: number; readonly annotation_level: string }[]
> {
  const [check] = await checksOf(world, commit);
  return (await world.ada.api(
    "GET",
    `/repos/${world.repository}/check-runs/${check?.id}/annotations`,
  )) as never;
}

/** What a commit changed, and who wrote it. */
export async function commitOf(
  world: World,
  commit: string,
): Promise<{
  readonly author: { readonly login: string };
  readonly parents: readonly { readonly sha: string }[];
  readonly files: readonly { readonly filename: string }[];
}> {
  return (await world.ada.api("GET", `/repos/${world.repository}/commits/${commit}`)) as never;
}

/** The logs of all jobs of that name, one after the other; a job's full name is `propose / train`. */
export function logOf(runs: readonly RunResult[], job: string): string {
  const found = runs.flatMap(({ jobs }) => jobs.filter(({ name }) => name === job));
  return found.map(({ log }) => log).join("\n");
}

/** How the jobs of that name ended. */
export const endingsOf = (runs: readonly RunResult[], job: string): readonly string[] =>
  runs.flatMap(({ jobs }) => jobs.filter(({ name }) => name === job).map(({ result }) => result));

/** Paths of the ledger's records. */
export async function records(world: World): Promise<readonly string[]> {
  const there = await world.checkout.git("ls-remote", "origin", "refs/heads/trainyard");
  if (there === "") return [];
  await world.checkout.git("fetch", "--quiet", "origin", "trainyard");
  const text = await world.checkout.git("ls-tree", "-r", "--name-only", "FETCH_HEAD");
  return text.split("\n").filter((line) => line !== "");
}

/** Merges as the button does. */
export async function merge(world: World, pull: number): Promise<void> {
  await world.ada.api("PUT", `/repos/${world.repository}/pulls/${pull}/merge`, { merge_method: "squash" });
  await world.settled();
  await world.checkout.git("switch", "--quiet", "main");
  await world.checkout.git("pull", "--quiet", "--ff-only");
}
