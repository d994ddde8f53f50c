import { insidersAttack, strangersAttack } from "../../local/attacks.ts";
import type { RunResult } from "../../local/contract.ts";
import { explain, keep, openWorld, type World } from "../../local/world.ts";

/** What the demo shows while it goes on. */
export interface Stage {
  step(text: string): void;
  say(text: string): void;
}

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

/** Waits for the runs, and shows the comment's first line as its reader meets it. */
async function read(world: World, pull: number, stage: Stage): Promise<void> {
  const runs = await world.settled();
  const broken = runs.filter(({ conclusion }) => conclusion === "startup_failure");
  if (broken.length > 0) throw new Error(explain(broken as RunResult[]));
  const body = await comment(world, pull).catch((error: Error) => {
    throw new Error(`${error.message}\n${explain(runs)}`);
  });
  const line = body.split("\n").find((text) => text !== "" && !text.startsWith("<!--")) ?? "";
  stage.say(`#${pull}: ${line.replace(/^#+ /, "")}`);
}

/** The one comment of ours on a pull request. */
async function comment(world: World, pull: number): Promise<string> {
  const found: unknown = await world.ada.api("GET", `/repos/${world.repository}/issues/${pull}/comments`);
  const ours = (found as { body: string }[]).find(({ body }) => body.startsWith("<!-- trainyard:verdict"));
  if (ours === undefined) throw new Error(`no verdict stands on #${pull}`);
  return ours.body;
}

async function page(world: World, pull: number, out: string, name: string): Promise<void> {
  const response = await fetch(`${world.github.url}/${world.repository}/pull/${pull}`, {
    headers: { authorization: `Bearer ${world.ada.token}` },
  });
  keep(out, name, await response.text());
}

async function update(world: World): Promise<void> {
  await world.checkout.git("switch", "--quiet", "main");
  await world.checkout.git("pull", "--quiet");
}

/** GitHub's own words in a refused request's answer. */
function reason({ message }: Error): string {
  const { message: words = message } = JSON.parse(/\{.*\}/s.exec(message)?.[0] ?? "{}") as {
    message?: string;
  };
  return words.replace(/\s+/g, " ");
}
