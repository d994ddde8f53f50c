import { execFileSync } from "node:child_process";
import { openWorld } from "../../local/world.ts";
import { merge, page, read, type Stage } from "./show.ts";

/** Moment two once more, where the answer is no: better on average, and unfair to one group. The data are made. */
export async function playCredit(out: string, stage: Stage): Promise<void> {
  const world = await openWorld({
    repository: "acme/credit",
    template: "credit",
    app: true,
    begin: ({ folder }) => {
      execFileSync(process.execPath, ["make-applications.mjs"], { cwd: folder });
    },
    runner: { say: stage.say },
  });
  const propose = async (branch: string, title: string, body?: string): Promise<number> => {
    await world.checkout.propose(branch, title);
    const pull = await world.ada.openPull(world.repository, { title, head: branch, ...(body && { body }) });
    await read(world, pull, stage);
    return pull;
  };
  try {
    stage.step("Applications for credit, made for this: a first model");
    world.checkout.edit("trainyard.yaml", "epochs: 20", "epochs: 15");
    await merge(world, await propose("first-model", "Train the first model (made data)"));

    stage.step("A proposal that is better on average, and unfair to one group");
    world.checkout.edit("trainyard.yaml", "years_employed]", "years_employed, bureau_score]");
    const pull = await propose(
      "bureau-score",
      "Ask the bureau for its score (made data)",
      "The score tells far better who repays.",
    );
    await page(world, pull, out, "unfair.html");
  } finally {
    await world.close();
  }
}
