import type { Flight } from "./airline.ts";
import { type FlightsWorld, MODEL, type ServedStep } from "./flights-world.ts";
import { merge, pullOf, read, readOnceReady, type Stage } from "./show.ts";

/** Moment three: merging is deploying to staging, and a pull request of one line brings it to production. */
export async function playDeploying(flights: FlightsWorld, stage: Stage): Promise<void> {
  const { world, airline } = flights;
  stage.step("On GitHub: a model of January's flights is proposed, judged and merged");
  world.checkout.edit("trainyard.yaml", "epochs: 8", "epochs: 6");
  await world.checkout.propose("first-model", "Train the first model on January's flights");
  const first = await world.ada.openPull(world.repository, {
    title: "Train the first model on January's flights",
    head: "first-model",
  });
  await readOnceReady(world, first, stage);
  const released = await merge(world, first);

  stage.step("Merging deployed it to staging: the bytes that were judged, nothing is trained again");
  const some = await airline.flights(1, 20);
  report(stage, await flights.ask("merged: staging serves what was judged", flights.staging, some));

  stage.step("A pull request of one line brings it to production");
  await promote(flights, stage, released);
  report(stage, await flights.ask("promoted: production serves the same bytes", flights.production, some));
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
