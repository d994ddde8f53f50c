import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { renderDeploymentsPage } from "../../local/github/pages/pages.ts";
import { keep, trainyard } from "../../local/world.ts";
import { apart, promote, report } from "./deploy.ts";
import { DATA, type FlightsWorld, MODEL } from "./flights-world.ts";
import { merge, pullOf, read, readOnceReady, type Stage } from "./show.ts";
import { drift, look } from "./triage.ts";

/** Moment five: back to what served before in minutes, then on to a model of today's flights. */
export async function playRecovery(flights: FlightsWorld, stage: Stage, issue: number): Promise<void> {
  await playBadPromotion(flights, stage);
  await playRollback(flights, stage);
  await playRetraining(flights, stage, issue);
}

/** An export that broke off: the gates cannot know, as the holdout is the base's. */
async function playBadPromotion(flights: FlightsWorld, stage: Stage): Promise<void> {
  const { world, airline, production } = flights;
  stage.step("A bad promotion: trained on an export that broke off, with a third of the airports");
  await flights.ask("before: two airports are told apart", production, apart);
  copyFileSync(await airline.month(1, "origin < 'E'"), join(world.checkout.folder, DATA));
  trainyard(world.checkout.folder, "add", DATA);
  trainyard(world.checkout.folder, "push", DATA);
  await world.checkout.propose("fresh-export", "Train on the fresh export");
  const title = "Train on the fresh export";
  const pull = await world.ada.openPull(world.repository, { title, head: "fresh-export" });
  await readOnceReady(world, pull, stage);
  await promote(flights, stage, await merge(world, pull));
  const bad = await flights.ask("bad: two airports are one to it", production, apart);
  report(stage, bad);
  stage.say(
    `a flight from ORD and one from PHX: ${bad.predictions.map((one) => one.toFixed(3)).join(" and ")}`,
  );
}

async function playRollback(flights: FlightsWorld, stage: Stage): Promise<void> {
  const { world, production } = flights;
  stage.step("Rolling back: trainyard rollback edits one line, and no gate stands in its way");
  trainyard(world.checkout.folder, "rollback", MODEL, "--environment", "production");
  await world.checkout.propose("roll-back", `Roll ${MODEL} back in production`);
  const title = `Roll ${MODEL} back in production`;
  const pull = await world.ada.openPull(world.repository, { title, head: "roll-back" });
  await read(world, pull, stage);
  await merge(world, pull);
  report(stage, await flights.ask("rolled back: what served before serves again", production, apart));
}

async function playRetraining(flights: FlightsWorld, stage: Stage, issue: number): Promise<void> {
  const { world, airline, production } = flights;
  stage.step('From the issue: the label "retrain" brings a model of June as a pull request');
  await airline.newest(6);
  await world.ada.api("POST", `/repos/${world.repository}/issues/${issue}/labels`, { labels: ["retrain"] });
  const pull = await pullOf(world, "trainyard-retrain", await world.settled());
  await read(world, pull, stage);
  await promote(flights, stage, await merge(world, pull));

  stage.step("June's flights again: the monitor finds nothing, and the issue is closed");
  report(stage, await flights.ask("retrained: June's traffic", production, await airline.flights(6, 1200)));
  await look(flights, stage);
  const seen = await drift(flights);
  stage.say(`#${issue}: ${seen?.title} (${seen?.state})`);
  if (seen?.number !== issue || seen.state !== "closed") throw new Error("the issue does not stand closed");
}

/** What a reader would look at: the issue, the deployments, and what the live servers answered. */
export async function keepPages({ world, served }: FlightsWorld, out: string, issue: number): Promise<void> {
  const response = await fetch(`${world.github.url}/${world.repository}/issues/${issue}`);
  keep(out, "issue.html", await response.text());
  keep(out, "deployments.html", renderDeploymentsPage(world.github, world.repository));
  keep(out, "served.json", `${JSON.stringify(served, undefined, 2)}\n`);
}
