import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { RunResult } from "../../../local/contract.ts";
import { explain, type World } from "../../../local/world.ts";
import { endingsOf, logOf, pullOf, statusOf } from "../../github/reading.ts";
import { list } from "../../github/released.ts";
import { openWatched, type Watched } from "../../github/watched.ts";
import { LOGIN, type Registry, startRegistry, withoutRegistry } from "../remotes/servers/registry.ts";
import { loginFor, secretOf, trainyard } from "./at-registry.ts";

/* What comes after the first model, of a team that keeps data and models in a registry with a password:
 * production moves, newer rows are proposed, and a stranger's change is trained where somebody asks. */

const ROWS = "data/rows.csv";

/** Makes 90 rows more of what it is handed; fails where it can see a login. */
const REFRESH = `import { appendFileSync, readFileSync } from "node:fs";
const seen = Object.entries(process.env).filter(([name, value]) => /^TRAINYARD_RE/.test(name) || value.includes("${LOGIN.password}"));
if (seen.length > 0) throw new Error("a login is to be seen");
const have = readFileSync("${ROWS}", "utf8").trim().split("\\n").length - 1;
for (let row = have; row < 990; row++) appendFileSync("${ROWS}", "r" + row + "," + (row % 7) + ",professional," + (row % 7 > 3 ? 1 : 0) + "\\n");
`;

describe("a team whose remote is a registry, later on", { skip: withoutRegistry() }, () => {
  let registry: Registry;
  let login: Readonly<Record<string, string>>;
  let watched: Watched;
  let world: World;
  let runs: readonly RunResult[];

  before(async () => {
    registry = await startRegistry({ login: true });
    login = loginFor(registry.host);
    watched = await openWatched({
      remote: `oci://${registry.host}/acme/wages`,
      variables: login,
      refresh: "node refresh.mjs",
      runner: secretOf(login),
    });
    world = watched.world;
    await world.checkout.write("refresh.mjs", REFRESH);
    await world.checkout.push("Say where newer rows are");
    await world.settled();
    watched.ask(1200, () => "professional");
    runs = await watched.look();
  });
  after(async () => {
    await watched?.close();
    await registry?.close();
  });

  /** Every word that was said in public by runs. */
  const said = (): string =>
    runs.flatMap(({ jobs }) => jobs.map(({ log, summary }) => log + summary)).join("\n");

  test("is told that production has moved, by the model's reference that lies there", async () => {
    const all = await watched.issues(); // pull requests are among them
    const [issue, ...more] = all.filter(({ labels }) => labels.some(({ name }) => name === "drift"));
    assert.equal(more.length, 0);
    assert.equal(
      issue?.title,
      "wages in production: kind has moved away from the training data",
      explain(runs),
    );
    assert.ok(!said().includes(LOGIN.password));
  });

  test("is proposed the newest rows, with a model that was trained on them and judged", async () => {
    const [pull, ...more] = await list<{ number: number; head: { ref: string } }>(world, "/pulls?state=open");
    assert.ok(pull, explain(runs));
    assert.equal(more.length, 0);
    const { head } = await pullOf(world, pull.number);
    assert.equal((await statusOf(world, head.sha))?.state, "success", explain(runs));
    const clone = await world.ben.clone(world.repository);
    await clone.git("switch", "--quiet", pull.head.ref);
    await trainyard(clone, login, "pull");
    assert.equal(clone.read(ROWS).trim().split("\n").length - 1, 990);
    assert.equal(await clone.git("ls-tree", "--name-only", "HEAD", ROWS), "");
    await trainyard(clone, login, "verify", "--all"); // fails where anything is amiss
  });

  test("has a stranger's commit trained where somebody asks, who is handed no login", async () => {
    const hers = await world.eve.clone(await world.github.fork(world.repository, "eve"));
    hers.edit("trainyard.yaml", "epochs: 20,", "epochs: 21,");
    const head = await hers.propose("longer", "Train for longer");
    const pull = await world.eve.openPull(world.repository, { title: "Train", head: "eve:longer" });
    runs = await world.settled();
    assert.equal((await statusOf(world, head))?.state, "pending", explain(runs));
    await world.ben.comment(world.repository, pull, `/trainyard train ${head}`);
    runs = await world.settled();
    assert.deepEqual(endingsOf(runs, "command / judge / write"), ["success"], explain(runs));
    assert.equal((await statusOf(world, head))?.state, "success", explain(runs));
    assert.match(logOf(runs, "command / train / fetch"), new RegExp(`head ${head}`));
    assert.ok(!said().includes(LOGIN.password));
    assert.deepEqual([...new Set(world.github.violations)], []);
  });
});
