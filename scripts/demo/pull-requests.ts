import { insidersAttack, strangersAttack } from "../../local/attacks.ts";
import { keep, openWorld } from "../../local/world.ts";
import { comment, page, read, reason, type Stage, update } from "./show.ts";

/** Moments one and two: proposing and reading, on a GitHub of the demo's own, with the shipped workflows. */
export async function playPullRequests(out: string, stage: Stage): Promise<void> {
  const world = await openWorld({ template: "wages", app: true, runner: { say: stage.say } });
  try {
    stage.step("On GitHub: the first pull request of a new repository has nothing to be compared with");
    world.checkout.edit("trainyard.yaml", 'owner: "@acme/ml-team"', 'owner: "@acme/wages-team"');
    await world.checkout.propose("first-model", "Train the first model");
    const first = await world.ada.openPull(world.repository, {
      title: "Train the first model",
      head: "first-model",
    });
    await read(world, first, stage);
    await world.ada.api("PUT", `/repos/${world.repository}/pulls/${first}/merge`, { merge_method: "squash" });
    await world.settled();
    await update(world);

    stage.step("Proposing: a small neural network, and the worker's marital status");
    world.checkout.edit(
      "trainyard.yaml",
      "  with: logistic\n  params: { epochs: 60,",
      "  with: mlp\n  params: { hidden: [16], epochs: 60,",
    );
    world.checkout.edit("trainyard.yaml", "  - keep: [union, south]", "  - keep: [union, south, married]");
    await world.checkout.propose("propose-mlp", "Propose a small neural network");
    const proposal = await world.ada.openPull(world.repository, {
      title: "Propose a small neural network",
      head: "propose-mlp",
      body: "Marital status should help, and the relation is not linear.",
    });
    await read(world, proposal, stage);
    await page(world, proposal, out, "pull-request.html");
    keep(out, "comment.md", await comment(world, proposal));

    stage.step("A stranger's fork, whose training prints its own verdict");
    const fork = await world.github.fork(world.repository, "eve");
    const hers = await world.eve.clone(fork);
    await strangersAttack(hers);
    const head = await hers.propose("better-model", "A better model");
    const foreign = await world.eve.openPull(world.repository, {
      title: "A better model",
      head: "eve:better-model",
    });
    await read(world, foreign, stage);
    stage.say(`ben, who may write, asks for that very commit: /trainyard train ${head}`);
    await world.ben.comment(world.repository, foreign, `/trainyard train ${head}`);
    await read(world, foreign, stage);
    await page(world, foreign, out, "fork.html");

    stage.step(
      "An insider's branch: easier gates, a forged lock, remotes that lead elsewhere, a status of its own",
    );
    const bens = await world.ben.clone(world.repository);
    await insidersAttack(bens, `${world.store}-elsewhere`);
    await bens.propose("surely-better", "Surely better");
    const forged = await world.ben.openPull(world.repository, {
      title: "Surely better",
      head: "surely-better",
    });
    await read(world, forged, stage);
    await page(world, forged, out, "insider.html");
    const merged = await world.ben
      .api("PUT", `/repos/${world.repository}/pulls/${forged}/merge`, { merge_method: "squash" })
      .then(
        () => "GitHub merged it",
        (error: Error) => `GitHub does not merge it: ${reason(error)}`,
      );
    stage.say(merged);
  } finally {
    await world.close();
  }
}
