import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Checkout } from "../../local/person.ts";
import { openWorld, trainyard, type World } from "../../local/world.ts";
import { type Airline, type Flight, openAirline } from "./airline.ts";
import { freePort, type Live, serve } from "./live.ts";
import type { Stage } from "./show.ts";

export const MODEL = "late-flights";
export const DATA = "data/flights.csv";
/** So many flights the team trains on: a month, and a little. */
const KEPT = 10_100;

/** A team whose model is served, and the flights that it is asked about. */
export interface FlightsWorld {
  readonly world: World;
  readonly airline: Airline;
  readonly staging: Live;
  readonly production: Live;
  /** What the live servers answered at each step. */
  readonly served: ServedStep[];
  /** Asks a server, and keeps what it answered. */
  ask(step: string, live: Live, flights: readonly Flight[]): Promise<ServedStep>;
  close(): Promise<void>;
}

/** What a live server answered at one step; of many flights the first few. */
export interface ServedStep {
  readonly step: string;
  readonly environment: string;
  readonly version: string;
  readonly sha256: string;
  readonly asked: number;
  readonly flights: readonly Flight[];
  readonly predictions: readonly number[];
  readonly mean: number;
}

/** What the template's contract says otherwise: a month in place of half a year, and what follows a merge. */
const EDITS: readonly (readonly [from: string, to: string])[] = [
  ["task: binary", 'owner: "@acme/flights-team"\ntask: binary'],
  ["data/flights-3m.parquet", DATA],
  ["at_least: 1000000", "at_least: 2500"],
  ["min_count: 1000", "min_count: 50"],
  ["epochs: 1, batch_size: 4096", "epochs: 8, batch_size: 128"],
  ["  - date: { date: [hour, weekday, month] }\n", ""],
  ["    - roc_auc >= 0.55\n", "    - gate: roc_auc >= 0.50\n      when_inconclusive: warn\n"],
];

/** What the team runs to have the newest rows. It stands in the repository, and is reviewed like all else. */
const refreshScript = (
  url: string,
): string => `// Adds the newest month's flights, and keeps the newest ${KEPT} of all.
import { readFile, writeFile } from "node:fs/promises";

const answer = await fetch("${url}");
if (!answer.ok) throw new Error(\`the airline answers \${answer.status}\`);
const linesOf = (text) => text.trimEnd().split("\\n");
const [head, ...fresh] = linesOf(await answer.text());
const [, ...known] = linesOf(await readFile("${DATA}", "utf8"));
const there = new Set(fresh);
const all = [...known.filter((line) => !there.has(line)), ...fresh].sort(); // a line begins with its time
await writeFile("${DATA}", [head, ...all.slice(-${KEPT}), ""].join("\\n"));
`;

interface Addresses {
  readonly staging: string;
  readonly production: string;
  readonly predictions: string;
}

const afterTheMerge = ({ staging, production, predictions }: Addresses): string => `
deploy:
  staging: { to: server, url: "${staging}" }
  production: { to: server, url: "${production}", after: staging }

monitor:
  predictions: ${JSON.stringify(predictions)}
  every: hourly
  window: 7d
  then: { issue: { labels: [drift] } }

retrain:
  refresh: node refresh.mjs
`;

/** Opens the team's repository with January's flights, and starts its two servers, which have nothing to serve yet. */
export async function openFlights(stage: Stage): Promise<FlightsWorld> {
  const place = mkdtempSync(join(tmpdir(), "trainyard-flights-"));
  const airline = await openAirline(join(place, "airline"));
  const january = await airline.month(1);
  const predictions = join(place, "predictions");
  const [one, two] = [await freePort(), await freePort()];
  const addresses = {
    staging: `http://127.0.0.1:${one}`,
    production: `http://127.0.0.1:${two}`,
    predictions,
  };
  const begin = async (checkout: Checkout): Promise<void> => {
    copyFileSync(january, join(checkout.folder, DATA));
    for (const [from, to] of EDITS) checkout.edit("trainyard.yaml", from, to);
    await checkout.write("trainyard.yaml", `${checkout.read("trainyard.yaml")}${afterTheMerge(addresses)}`);
    await checkout.write("refresh.mjs", refreshScript(airline.url));
    trainyard(checkout.folder, "init"); // the workflows that deploy, look and retrain, now that the contract says so
    trainyard(checkout.folder, "add", DATA);
    trainyard(checkout.folder, "push");
  };
  const world = await openWorld({
    repository: "acme/flights",
    template: "flights",
    app: true,
    environments: ["staging", "production"],
    begin,
    runner: { say: stage.say },
  });
  const clone = await world.ada.clone(world.repository);
  const live = (environment: string, port: number): Live =>
    serve({
      environment,
      model: MODEL,
      port,
      folder: clone.folder,
      log: predictions,
      variables: {
        GITHUB_API_URL: world.github.apiUrl,
        GITHUB_REPOSITORY: world.repository,
        GITHUB_TOKEN: world.ada.token,
      },
    });
  const [staging, production] = [live("staging", one), live("production", two)];
  const served: ServedStep[] = [];
  return {
    world,
    airline,
    staging,
    production,
    served,

    async ask(step, server, flights) {
      const { version, sha256, predictions: answers } = await server.ask(flights);
      const few = 3;
      const mean = answers.reduce((sum, value) => sum + value, 0) / Math.max(answers.length, 1);
      const kept: ServedStep = {
        step,
        environment: server.environment,
        version,
        sha256,
        asked: flights.length,
        flights: flights.slice(0, few),
        predictions: answers.slice(0, few),
        mean,
      };
      served.push(kept);
      return kept;
    },

    async close() {
      await Promise.all([staging.close(), production.close()]);
      await world.close();
      await airline.close();
      rmSync(place, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
