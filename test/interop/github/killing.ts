import assert from "node:assert/strict";
import { inspect } from "node:util";
import type { Kill, RunResult } from "../../../local/contract.ts";
import { explain } from "../../../local/world.ts";
import { verdicts } from "../../github/reading.ts";
import type { Team } from "./team.ts";

/** Holds that a machine was lost where it was asked for, and nowhere else. */
export function assertKilled(run: RunResult, { job, step, when }: Kill): void {
  const lost = run.jobs.find(({ name }) => name === job);
  assert.match(lost?.log ?? "", /lost communication/, `${job}: ${step} ${inspect(when)}\n${explain([run])}`);
}

/**
 * Runs a run again for each place, where its machine is lost, and a last time, where none is.
 *
 * @returns how the last one ended
 */
export async function killAlong(
  { world }: Pick<Team, "world">,
  run: number,
  places: readonly Kill[],
  between: () => Promise<void> = async () => {},
): Promise<RunResult> {
  for (const place of places) {
    world.runner.kill(place);
    assertKilled(await world.runner.again(run), place);
    await between();
  }
  return world.runner.again(run);
}

/** Holds what holds at any time: we said one thing, or nothing yet. */
export async function assertOneVoice({ world }: Team, pull: number): Promise<void> {
  const said = await verdicts(world, pull);
  assert.ok(said.length <= 1, said.map(({ body }) => body).join("\n---\n"));
}
