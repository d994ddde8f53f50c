import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { RunResult } from "../../../local/contract.ts";
import { explain, type World } from "../../../local/world.ts";
import { endingsOf, logOf, merge, pullOf, records } from "../../github/reading.ts";
import { openTeam } from "../../github/team.ts";

/* What is merged goes to staging, then by a pull request of one line to production, and back again. */

const DEPLOY = `deploy:
  staging: { to: server }
  production: { to: server, after: staging }
`;
const RELEASE = ".github/workflows/trainyard-release.yml";

let world: World;
let runs: readonly RunResult[] = [];

/** Everything that the API lists. */
async function list<T>(path: string): Promise<readonly T[]> {
  return (await world.ada.api("GET", `/repos/${world.repository}${path}`)) as never;
}

interface Shown {
  readonly id: number;
  readonly environment: string;
  readonly payload: {
    readonly model: string;
    readonly version: string;
    readonly sha256: string;
    readonly reason: string;
  };
}

const deployments = (environment: string): Promise<readonly Shown[]> =>
  list<Shown>(`/deployments?environment=${environment}&per_page=100`);

async function stateOf(id: number): Promise<string | undefined> {
  return (await list<{ state: string }>(`/deployments/${id}/statuses`))[0]?.state;
}

async function tags(): Promise<readonly string[]> {
  const found = await list<{ ref: string }>("/git/matching-refs/tags/wages");
  return found.map(({ ref }) => ref.replace("refs/tags/", "")).sort();
}

const promotions = () =>
  list<{ number: number; title: string; body: string; user: { login: string } }>(
    "/pulls?state=open&head=acme:trainyard-promote-production-wages",
  );

/** All that a release may make, counted: what is done twice must leave it as it is. */
async function made(): Promise<Readonly<Record<string, unknown>>> {
  return {
    staging: (await deployments("staging")).map(({ id }) => id),
    production: (await deployments("production")).map(({ id }) => id),
    tags: await tags(),
    releases: (await list<{ tag_name: string }>("/releases")).map(({ tag_name }) => tag_name),
    records: (await records(world)).filter((path) => path.startsWith("deployments/")),
    promotions: (await promotions()).map(({ number }) => number),
  };
}

/** Merges as the button does, and keeps the runs that followed. */
async function mergeAndSettle(pull: number, method = "squash"): Promise<void> {
  await world.ada.api("PUT", `/repos/${world.repository}/pulls/${pull}/merge`, { merge_method: method });
  runs = await world.settled();
  await world.checkout.git("switch", "--quiet", "main");
  await world.checkout.git("pull", "--quiet", "--ff-only");
}

before(async () => {
  world = await openTeam({ contract: DEPLOY });
});
after(() => world.close());

test("a judged pull request brings the state of the first environment", async () => {
  await world.checkout.propose("first-model", "Train the first model");
  const pull = await world.ada.openPull(world.repository, { title: "The first model", head: "first-model" });
  runs = await world.settled();
  const { head } = await pullOf(world, pull);
  await world.checkout.git("fetch", "--quiet");
  const text = await world.checkout.git("show", `${head.sha}:deployments/staging/wages.yaml`);
  assert.match(
    text,
    /^model: wages\nserve: \{ sha256: [0-9a-f]{64}, md5: [0-9a-f]{32}\.dir \}$/,
    explain(runs),
  );
  await mergeAndSettle(pull);
});

test("its merge is a version, a release and one deployment to staging", async () => {
  assert.deepEqual(endingsOf(runs, "release / deploy wages to staging"), ["success"], explain(runs));
  const [deployment, ...more] = await deployments("staging");
  assert.equal(more.length, 0);
  assert.deepEqual([deployment?.payload.version, deployment?.payload.reason], ["v1.0.0", "merged"]);
  assert.equal(await stateOf(deployment?.id ?? 0), "success");
  assert.deepEqual(await tags(), ["wages#staging#1", "wages@v1.0.0"]);
  console.log(JSON.stringify(await made()));
});
