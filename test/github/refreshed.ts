import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { openWorld, type World } from "../../local/world.ts";
import { openForge } from "../../src/adapters/forge/github.ts";
import type { Forge } from "../../src/ports/forge.ts";

const CLI = resolve("dist/cli.js");

/** The workflow that retrains. */
export const RETRAIN = "trainyard-retrain.yml";

const CONTRACT = `model: wages
task: binary-classification
owner: "@acme/ml-team"
data:
  sources: { rows: data/rows.csv }
  roles: { label: y, positive: 1, id: id }
split: { by: hash, holdout: 30%, validation: 20% }
features:
  - scale: [told]
train:
  with: logistic
  params: { epochs: 30, learning_rate: 0.01, batch_size: 32 }
evaluate:
  decision: { threshold: 0.5 }
  metrics: [roc_auc]
  bootstrap: { resamples: 50 }
  gates:
    - gate: roc_auc >= 0.65
      when_inconclusive: warn
deploy:
  production: { to: server }
retrain:
  refresh: node refresh.mjs
  every: monthly
`;

/** Appends rows once for each line of \`more.txt\`; says what it could see. */
const REFRESH = `import { appendFileSync, readFileSync } from "node:fs";
const secrets = Object.keys(process.env).filter((name) => /TOKEN|REMOTE|ACTIONS_/.test(name));
console.log("secrets: " + JSON.stringify(secrets));
const have = readFileSync("data/rows.csv", "utf8").trim().split("\\n").length - 1;
const want = 420 + 60 * (readFileSync("more.txt", "utf8").split("\\n").length - 1);
for (let row = have; row < want; row++) appendFileSync("data/rows.csv", "r" + row + "," + (row % 7) + "," + (row % 7 > 3 ? 1 : 0) + "\\n");
`;

/** A team whose rows become more when \`more.txt\` does, and whose first model is still to be made. */
export const openRefreshed = (): Promise<World> =>
  openWorld({
    template: "wages",
    async begin(start) {
      for (const path of ["data", "high_wage.sql"]) rmSync(join(start.folder, path), { recursive: true });
      const rows = Array.from({ length: 420 }, (_, row) => `r${row},${row % 7},${row % 7 > 3 ? 1 : 0}`);
      await start.write("trainyard.yaml", CONTRACT);
      await start.write("refresh.mjs", REFRESH);
      await start.write("more.txt", "");
      await start.write("data/rows.csv", `id,told,y\n${rows.join("\n")}\n`);
      for (const args of [["init"], ["add", "data/rows.csv"], ["push"]])
        execFileSync(process.execPath, [CLI, ...args], { cwd: start.folder, stdio: "pipe" });
    },
  });

/** Lets more rows be had, and opens the monitor's issue. @returns its number */
export async function openDrift(world: World): Promise<number> {
  await world.checkout.write("more.txt", "one\n");
  await world.checkout.push("More rows are to be had");
  let issue = 0;
  await asWorkflow(world, async (forge) => {
    const body = "<!-- trainyard:monitor wages production -->\n\nmoved";
    issue = (await forge.issues.open({ title: "x", body, labels: ["drift"] })).number;
  });
  return issue;
}

/** As a workflow of the default branch: so the monitor speaks. */
async function asWorkflow(world: World, work: (forge: Forge) => Promise<void>): Promise<void> {
  const [event] = world.github.events;
  if (event === undefined) throw new Error("nothing has happened yet");
  const run = world.github.runs.start({ name: "x", path: ".github/workflows/x.yml", event });
  const token = world.github.jobToken(world.repository, run, { issues: "write", metadata: "read" });
  await work(
    await openForge(
      { token },
      {
        GITHUB_API_URL: world.github.apiUrl,
        GITHUB_GRAPHQL_URL: world.github.graphqlUrl,
        GITHUB_REPOSITORY: world.repository,
        GITHUB_ACTIONS: "true",
      },
    ),
  );
  world.github.runs.finish(run, "success");
}
