import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { explain, type World } from "../../../local/world.ts";
import { workflow } from "../../github/hostile.ts";
import {
  checksOf,
  endingsOf,
  logOf,
  pullOf,
  records,
  statusOf,
  verdict,
  verdicts,
} from "../../github/reading.ts";
import { openTeam } from "../../github/team.ts";

/* What ends without a verdict, and says so: GitHub is down, or what was handed over is no model. */

let world: World;

before(async () => {
  world = await openTeam();
});
after(() => world.close());

test("GitHub takes nothing for as long as it is waited for: the job fails, and run again ends right", async () => {
  const head = await world.checkout.propose("first-model", "Train the first model");
  const end = world.github.fault({
    method: "POST",
    path: /^\/repos\/acme\/wages\/(check-runs|statuses|issues)|graphql$|git-receive-pack$/,
    times: 1e6,
    answer: { status: 503 },
  });
  const pull = await world.ada.openPull(world.repository, { title: "First", head: "first-model" });
  const runs = await world.settled();
  assert.deepEqual(endingsOf(runs, "judge / write"), ["failure"], explain(runs));
  assert.match(logOf(runs, "judge / write"), /503/);
  assert.equal((await verdicts(world, pull)).length, 0);
  assert.equal(await statusOf(world, head), undefined);
  assert.equal((await pullOf(world, pull)).head.sha, head);
  assert.deepEqual(await records(world), []);

  end();
  await world.runner.again(runs.find(({ event }) => event === "workflow_run")?.id ?? 0);
  const later = await world.settled();
  assert.match(await verdict(world, pull, later), /### ✅ Pass · First model/);
  const { head: now } = await pullOf(world, pull);
  assert.notEqual(now.sha, head);
  assert.equal((await statusOf(world, now.sha))?.state, "success");
  for (const commit of [head, now.sha]) assert.equal((await checksOf(world, commit)).length, 1);
});

test("an archive larger than is taken is no verdict, with the reason", async () => {
  const bens = await world.ben.clone(world.repository);
  const large = workflow(`      - run: mkdir made && head -c 201000000 /dev/urandom > made/model.bin
      - uses: trainyard/trainyard/actions/send@v1
        with:
          name: trainyard-trained
          folder: made
`);
  await bens.write(".github/workflows/trainyard.yml", large);
  const head = await bens.propose("large", "Hand over much");
  const pull = await world.ben.openPull(world.repository, { title: "Large", head: "large" });
  const runs = await world.settled();
  assert.deepEqual(endingsOf(runs, "propose"), ["success"], explain(runs));
  assert.match(logOf(runs, "judge / score"), /has 201 MB; at most 200 MB are allowed/);
  assert.match(await verdict(world, pull, runs), /### 🛑 Not judged/);
  assert.equal((await statusOf(world, head))?.state, "error");
});

test("a model file that is not what it says is no verdict, with the reason", async () => {
  const evas = await world.ben.clone(world.repository);
  evas.edit(
    "trainyard.yaml",
    "  with: logistic\n  params: { epochs: 60, learning_rate: 0.01, batch_size: 32 }",
    "  run: node train.mjs\n  code: [train.mjs]\n  out: model",
  );
  const code = { class_name: "Lambda", config: { name: "<img src=x>", code: "process.exit(0)" } };
  const topology = { class_name: "Sequential", config: { name: "**passed** @everyone", layers: [code] } };
  const weightsManifest = [{ paths: ["../../../../../../etc/passwd"], weights: [] }];
  const model = { format: "layers-model", modelTopology: topology, weightsManifest };
  await evas.write(
    "train.mjs",
    `import { mkdirSync, writeFileSync } from "node:fs";
mkdirSync("model");
writeFileSync("model/model.json", ${JSON.stringify(JSON.stringify(model))});
`,
  );
  const head = await evas.propose("no-model", "A model of another kind");
  const pull = await world.ben.openPull(world.repository, { title: "Another kind", head: "no-model" });
  const runs = await world.settled();
  const body = await verdict(world, pull, runs);
  assert.match(body, /### ❌ Not judged · /, explain(runs));
  assert.doesNotMatch(body, /<img|\*\*passed|[^`\w]@everyone|root:/);
  assert.equal((await statusOf(world, head))?.state, "failure");
  assert.equal((await pullOf(world, pull)).head.sha, head);
});

test("GitHub's description allows all that was said", () => {
  assert.deepEqual([...new Set(world.github.violations)], []);
});
