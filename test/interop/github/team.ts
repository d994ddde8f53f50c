import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunResult } from "../../../local/contract.ts";
import { openWorld, type World, type WorldOptions } from "../../../local/world.ts";
import { merge } from "../../github/reading.ts";

/** A change on a branch, and its pull request. */
export interface Proposal {
  readonly branch: string;
  readonly pull: number;
  /** The commit that a person pushed. */
  readonly head: string;
  /** The default branch's commit below it. */
  readonly base: string;
}

/** A team whose first model is merged: the same change can be proposed over and over. */
export interface Team {
  readonly world: World;
  /** Paths of the ledger that stand there from the beginning. */
  readonly before: ReadonlySet<string>;
  /** Opens a pull request with other parameters; its runs have begun when this returns. */
  propose(branch: string, epochs?: number): Promise<Proposal>;
  /** Has it all be as it was when the first model was merged, but for closed pull requests. */
  forget(...proposals: readonly Proposal[]): Promise<void>;
  close(): Promise<void>;
}

/** The workflow files that a team has, with a step before the training, which is one more to be killed. */
const SET_UP = 'with:\n      setup: "true"';

/** Opens it. */
export async function openTeam(options: Pick<WorldOptions, "app" | "now"> = {}): Promise<Team> {
  const world = await openWorld({
    ...(options.now && { now: options.now }),
    template: "wages",
    app: options.app ?? false,
    begin(checkout) {
      checkout.edit("trainyard.yaml", "epochs: 60,", "epochs: 20,");
      checkout.edit(
        ".github/workflows/trainyard.yml",
        "    permissions:\n",
        `    ${SET_UP}\n    permissions:\n`,
      );
      const judge = checkout.read(".github/workflows/trainyard-judge.yml");
      const call = /workflows\/command\.yml@\S+\n {4}with:/.exec(judge)?.[0] ?? "no command";
      checkout.edit(".github/workflows/trainyard-judge.yml", call, call.replace("with:", SET_UP));
    },
  });
  const { checkout } = world;
  const kept = mkdtempSync(join(tmpdir(), "trainyard-kept-"));
  checkout.edit("trainyard.yaml", "epochs: 20,", "epochs: 21,");
  await checkout.propose("first-model", "Train the first model");
  const first = await world.ada.openPull(world.repository, { title: "Train", head: "first-model" });
  await world.settled();
  await merge(world, first);
  cpSync(world.store, kept, { recursive: true });
  await checkout.git("fetch", "--quiet", "origin", "trainyard");
  const ledger = await checkout.git("rev-parse", "FETCH_HEAD");
  const paths = await checkout.git("ls-tree", "-r", "--name-only", ledger);

  return {
    world,
    before: new Set(paths.split("\n")),
    async propose(branch, epochs = 22) {
      await checkout.git("switch", "--quiet", "main");
      const base = await checkout.git("rev-parse", "HEAD");
      checkout.edit("trainyard.yaml", "epochs: 21,", `epochs: ${epochs},`);
      const head = await checkout.propose(branch, "Train for longer");
      const pull = await world.ada.openPull(world.repository, { title: "Train for longer", head: branch });
      return { branch, pull, head, base };
    },
    async forget(...proposals) {
      for (const { pull } of proposals) {
        await world.ada.api("PATCH", `/repos/${world.repository}/pulls/${pull}`, { state: "closed" });
      }
      await world.settled();
      await checkout.git("push", "--quiet", "--force", "origin", `${ledger}:refs/heads/trainyard`);
      rmSync(join(world.store, "files"), { recursive: true, force: true });
      cpSync(kept, world.store, { recursive: true });
    },
    async close() {
      await world.close();
      rmSync(kept, { recursive: true, force: true });
    },
  };
}

/** The run of one workflow file among those that ended, the first of an event. */
export function runOf(runs: readonly RunResult[], path: string, event: string): RunResult {
  const found = runs.find((run) => run.path.endsWith(`/${path}`) && run.event === event);
  if (found === undefined) throw new Error(`no ${path} ran on ${event}`);
  return found;
}
