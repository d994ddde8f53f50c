import { report } from "./deploy.ts";
import type { FlightsWorld } from "./flights-world.ts";
import { failedIn, type Stage } from "./show.ts";

export const MONITOR = ".github/workflows/trainyard-monitor.yml";

/** An issue as the demo shows it. */
export interface Seen {
  readonly number: number;
  readonly title: string;
  readonly state: string;
  readonly labels: readonly { readonly name: string }[];
  readonly pull_request?: unknown;
}

/** Moment four: the month is another one, and ONE issue says so. @returns its number */
export async function playTriage(flights: FlightsWorld, stage: Stage): Promise<number> {
  const { airline, production } = flights;
  stage.step("January's flights come in, and the hour of the monitor: nothing moved");
  report(stage, await flights.ask("January's traffic", production, await airline.flights(1, 600)));
  await look(flights, stage);
  const quiet = await drift(flights);
  if (quiet !== undefined) throw new Error(`an issue stands where nothing moved: ${quiet.title}`);
  stage.say("no issue");

  stage.step("June's flights come in: an issue says what moved, and since when");
  report(stage, await flights.ask("June's traffic", production, await airline.flights(6, 1200)));
  await look(flights, stage);
  const issue = await drift(flights);
  if (issue === undefined) throw new Error("the monitor opened no issue");
  stage.say(`#${issue.number}: ${issue.title} (${issue.state})`);
  await look(flights, stage);
  stage.say("an hour later: the same issue, brought up to date");
  const again = await drift(flights);
  if (again?.number !== issue.number) throw new Error(`another issue was opened: ${again?.title ?? "none"}`);
  return issue.number;
}

/** Lets the hour of the monitor come. */
export async function look({ world }: FlightsWorld, _stage: Stage): Promise<void> {
  await world.github.schedule(world.repository, MONITOR);
  failedIn(await world.settled());
}

/** The newest issue that is none of a person's. */
export async function drift({ world }: FlightsWorld): Promise<Seen | undefined> {
  const found: unknown = await world.ada.api("GET", `/repos/${world.repository}/issues?state=all`);
  return (found as readonly Seen[]).find(({ pull_request }) => pull_request === undefined);
}
