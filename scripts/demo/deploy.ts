import type { Flight } from "./airline.ts";
import { type FlightsWorld, MODEL, type ServedStep } from "./flights-world.ts";
import { merge, page, pullOf, read, readOnceReady, type Stage } from "./show.ts";

/** Moment three: merging is deploying to staging, and a pull request of one line brings it to production. */
export async function playDeploying(flights: FlightsWorld, out: string, stage: Stage): Promise<void> {
  const { world, airline } = flights;
  stage.step("On GitHub: a model of January's flights is proposed, judged and merged");
  world.checkout.edit("trainyard.yaml", "epochs: 8", "epochs: 6");
  await merge(
    world,
    await propose(flights, stage, "first-model", "Train the first model on January's flights"),
  );

  stage.step("A proposal that is clearly better: the hour of departure, which the model did not know");
  world.checkout.edit(
    "trainyard.yaml",
    "min_count: 50 }\n",
    "min_count: 50 }\n  - date: { date: [hour, weekday, month] }\n",
  );
  const better = await propose(flights, stage, "departure-hour", "Let the model know the hour of departure");
  await page(world, better, out, "better.html");
  const released = await merge(world, better);

  stage.step("Merging deployed it to staging: the bytes that were judged, nothing is trained again");
  const some = await airline.flights(1, 20);
  report(stage, await flights.ask("merged: staging serves what was judged", flights.staging, some));

  stage.step("A pull request of one line brings it to production");
  await promote(flights, stage, released);
  report(stage, await flights.ask("promoted: production serves the same bytes", flights.production, some));
}

/** Opens a pull request of what the checkout holds, and waits for its verdict. @returns its number */
async function propose(
  { world }: FlightsWorld,
  stage: Stage,
  branch: string,
  title: string,
): Promise<number> {
  await world.checkout.propose(branch, title);
  const pull = await world.ada.openPull(world.repository, { title, head: branch });
  await readOnceReady(world, pull, stage);
  return pull;
}

/** Merges the promotion that a release proposed. */
export async function promote(
  { world }: FlightsWorld,
  stage: Stage,
  released: Awaited<ReturnType<typeof merge>>,
): Promise<void> {
  const pull = await pullOf(world, `trainyard-promote-production`, released);
  await read(world, pull, stage);
  await merge(world, pull);
}

/** What a live server answered, in one line. */
export function report(stage: Stage, { environment, version, sha256, asked, mean }: ServedStep): void {
  stage.say(
    `${environment} answers by ${MODEL} ${version} (sha256 ${sha256.slice(0, 12)}): ${asked} flights, late on average with ${(100 * mean).toFixed(1)} %`,
  );
}

/** One flight from two airports: does the model tell them apart? */
export const apart: readonly Flight[] = [
  { date: "2001-01-17T17:30:00", distance: 733, origin: "ORD" },
  { date: "2001-01-17T17:30:00", distance: 733, origin: "PHX" },
];
