import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { RunResult } from "../../../local/contract.ts";
import type { Checkout } from "../../../local/person.ts";
import { explain, type World } from "../../../local/world.ts";
import { endingsOf, logOf, statusOf } from "../../github/reading.ts";
import { deploymentState, deployments, tagsOf } from "../../github/released.ts";
import { openTeam } from "../../github/team.ts";
import { LOGIN, type Registry, startRegistry, withoutRegistry } from "../remotes/servers/registry.ts";
import { loginFor, secretOf, trainyard } from "./at-registry.ts";
import { look } from "./found.ts";
import type { Proposal } from "./team.ts";

/* The shipped workflows of a team that keeps data and models in a registry with a password. */

const DEPLOY = "deploy:\n  staging: { to: server }\n";
const STATE = "deployments/staging/wages.yaml";
const ROWS = "data/rows.csv";

/** Says in the log of the training all that its job can see: its variables, and what it was handed. */
const SEEN = `    with:
      setup: printf 'seen=%s\\n' "$({ env; find .. -type f -exec cat {} +; } | base64 | tr -d '\\n')"
`;

/** A team whose rows lie where its remote is, and not in Git. */
async function openTeamAt(remote: string | undefined, variables: Readonly<Record<string, string>>) {
  let rows = "";
  const world = await openTeam({
    contract: `${remote === undefined ? "" : `artifacts: { remote: "${remote}" }\n`}${DEPLOY}`,
    async begin(start) {
      rows = start.read(ROWS);
      rmSync(join(start.folder, ROWS));
      if (remote !== undefined) rmSync(join(start.folder, ".dvc"), { recursive: true });
      start.edit(".github/workflows/trainyard.yml", "    permissions:\n", `${SEEN}    permissions:\n`);
    },
    ...(remote === undefined ? {} : { runner: secretOf(variables) }),
  });
  const { checkout } = world;
  await checkout.write(ROWS, rows);
  await trainyard(checkout, variables, "add", ROWS);
  await trainyard(checkout, variables, "push");
  await checkout.push("Keep the rows outside of Git");
  await world.settled();
  return world;
}

/** Opens a pull request with what stands in the checkout. @returns it, and the runs that followed */
async function proposed(
  { ada, checkout, repository, settled }: World,
  branch: string,
): Promise<{ readonly proposal: Proposal; readonly runs: readonly RunResult[] }> {
  const base = await checkout.git("rev-parse", "HEAD");
  const head = await checkout.propose(branch, "Train");
  const pull = await ada.openPull(repository, { title: "Train", head: branch });
  return { proposal: { branch, pull, head, base }, runs: await settled() };
}

/** What stands of a pull request, wherever its GitHub listens. */
async function lookAt(world: World, proposal: Proposal): Promise<unknown> {
  const text = JSON.stringify(await look({ world, before: new Set() }, proposal));
  return JSON.parse(text.replace(/(127\.0\.0\.1|github\.localhost):\d+/g, "HOST"));
}

/** A server that keeps what it is asked, and by whom. */
async function listening() {
  const heard: string[] = [];
  const server = createServer(({ method, url, headers }, response) => {
    heard.push(`${method} ${url} ${headers.authorization ?? "nobody"}`);
    response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end("{}");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, heard, close: () => server.close() };
}

describe("a team whose remote is a registry", { skip: withoutRegistry() }, () => {
  let registry: Registry;
  let elsewhere: Awaited<ReturnType<typeof listening>>;
  let world: World;
  let login: Readonly<Record<string, string>>;
  let first: Proposal;
  let runs: readonly RunResult[];
  let folder: World;
  let found: unknown;
  /** The same of a team whose remote is a folder. */
  let same: unknown;
  /** What the registry had before the pull request. */
  let pushes: readonly string[];
  /** What the state of staging names. */
  let sha256: string;

  before(async () => {
    [registry, elsewhere] = await Promise.all([startRegistry({ login: true }), listening()]);
    login = loginFor(registry.host);
    [world, folder] = await Promise.all([
      openTeamAt(`oci://${registry.host}/acme/wages`, login),
      openTeamAt(undefined, {}),
    ]);
    pushes = await tags();
    const [here, there] = await Promise.all([world, folder].map((one) => proposed(one, "first-model")));
    assert.ok(here && there);
    ({ proposal: first, runs } = here);
    found = await lookAt(world, first);
    same = await lookAt(folder, there.proposal);
  });
  after(async () => {
    await Promise.all([world?.close(), folder?.close()]);
    elsewhere?.close();
    await registry?.close();
  });

  /** A clone as somebody has it who was never here. */
  async function freshClone(branch: string): Promise<Checkout> {
    const clone = await world.ben.clone(world.repository);
    await clone.git("switch", "--quiet", branch);
    return clone;
  }

  /** Names of the pushes that the registry has. */
  async function tags(): Promise<readonly string[]> {
    const headers = { authorization: `Basic ${btoa(`${LOGIN.user}:${LOGIN.password}`)}` };
    const answer = await fetch(`http://${registry.host}/v2/acme/wages/tags/list`, { headers });
    return ((await answer.json()) as { tags: readonly string[] }).tags;
  }

  test("keeps rows and models there, for those who have the password", async () => {
    assert.equal((await fetch(`http://${registry.host}/v2/acme/wages/tags/list`)).status, 401);
    assert.equal(pushes.length, 1, "the rows");
    assert.ok((await tags()).length > 1, "and the model");
    assert.equal(await world.checkout.git("ls-tree", "--name-only", "HEAD", ROWS), "");
  });

  test("is told of a change what it is told with a folder", async () => {
    assert.equal((await statusOf(world, first.head))?.state, "success", explain(runs));
    assert.deepEqual(found, same);
  });

  test("hands no login to the training", () => {
    const seen = /seen=([\w+/=]+)/.exec(logOf(runs, "propose / train"))?.[1] ?? "";
    const text = Buffer.from(seen, "base64").toString();
    assert.ok(/^GITHUB_JOB=/m.test(text) && /^model: wages$/m.test(text), explain(runs));
    assert.ok(!/^TRAINYARD_RE/m.test(text) && !text.includes(LOGIN.password), explain(runs));
    const logs = runs.flatMap(({ jobs }) => jobs.map(({ log, summary }) => log + summary)).join("\n");
    assert.ok(!logs.includes(LOGIN.password));
  });

  test("has the judged model in a fresh clone, by its digest", async () => {
    const clone = await freshClone("first-model");
    await assert.rejects(trainyard(clone, {}, "pull"), /does not let anybody without a login read it/);
    await trainyard(clone, login, "pull");
    [, sha256 = "none"] = /sha256: ([0-9a-f]{64})/.exec(clone.read(STATE)) ?? [];
    await trainyard(clone, login, "package", "--sha256", sha256, "--out", "packed");
    for (const folder of ["models/wages", "packed"])
      assert.ok(existsSync(join(clone.folder, folder)), folder);
    assert.equal(clone.read(ROWS), readFileSync(join(world.checkout.folder, ROWS), "utf8"));
  });

  test("has it deployed when it is merged", async () => {
    await world.ada.api("PUT", `/repos/${world.repository}/pulls/${first.pull}/merge`, {
      merge_method: "squash",
    });
    const released = await world.settled();
    assert.deepEqual(
      endingsOf(released, "release / deploy wages to staging"),
      ["success"],
      explain(released),
    );
    const [deployment, ...more] = await deployments(world, "staging");
    assert.deepEqual(
      [deployment?.payload.version, deployment?.payload.sha256, more.length],
      ["v1.0.0", sha256, 0],
    );
    assert.equal(await deploymentState(world, deployment?.id ?? 0), "success");
    assert.deepEqual(await tagsOf(world), ["wages#staging#1", "wages@v1.0.0"]);
  });

  test("sends no login to where a change would have it sent", async () => {
    const { checkout } = world;
    await checkout.git("switch", "--quiet", "main");
    await checkout.git("pull", "--quiet", "--ff-only");
    checkout.edit("trainyard.yaml", registry.host, elsewhere.host);
    checkout.edit("trainyard.yaml", "epochs: 60", "epochs: 61");
    const url = `http://${elsewhere.host}/store`;
    await checkout.write(".dvc/config", `[core]\n    remote = store\n['remote "store"']\n    url = ${url}\n`);
    const before = await tags();
    const { proposal, runs } = await proposed(world, "elsewhere");
    assert.match(
      logOf(runs, "propose / fetch"),
      /artifacts\.remote is not as in base, whose remote is in force/,
    );
    assert.deepEqual(elsewhere.heard, [], explain(runs));
    assert.equal((await statusOf(world, proposal.head))?.state, "success", explain(runs));
    assert.ok((await tags()).length > before.length, "its model is where those of the base are");
  });

  test("would have heard of it there", async () => {
    const clone = await freshClone("elsewhere");
    rmSync(join(clone.folder, ".dvc"), { recursive: true });
    await assert.rejects(trainyard(clone, loginFor(elsewhere.host), "pull"));
    const sent = `Basic ${btoa(`${LOGIN.user}:${LOGIN.password}`)}`;
    assert.ok(
      elsewhere.heard.some((line) => line.endsWith(sent)),
      elsewhere.heard.join("\n"),
    );
  });

  test("says nothing that GitHub's description does not allow", () => {
    assert.deepEqual([...new Set(world.github.violations)], []);
  });
});
