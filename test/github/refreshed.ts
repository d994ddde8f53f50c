import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { openWorld, type World } from "../../local/world.ts";
import { asWorkflow, beginTiny, contractOf, rowsOf } from "./tiny.ts";

const CLI = resolve("dist/cli.js");

/** The workflow that retrains. */
export const RETRAIN = "trainyard-retrain.yml";

const CONTRACT = contractOf({
  features: "  - scale: [told]\n",
  epochs: 30,
  gates: ["roc_auc >= 0.65"],
  rest: `deploy:
  production: { to: server }
retrain:
  refresh: node refresh.mjs
  every: monthly
`,
});

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
      const rows = rowsOf("id,told,y", 420, (row) => [`r${row}`, row % 7, row % 7 > 3 ? 1 : 0]);
      await beginTiny(start, CONTRACT, rows);
      await start.write("refresh.mjs", REFRESH);
      await start.write("more.txt", "");
      for (const args of [["init"], ["add", "data/rows.csv"], ["push"]])
        execFileSync(process.execPath, [CLI, ...args], { cwd: start.folder, stdio: "pipe" });
    },
  });

/** Lets more rows be had, and opens the monitor's issue. @returns its number */
export async function openDrift(world: World): Promise<number> {
  await world.checkout.write("more.txt", "one\n");
  await world.checkout.push("More rows are to be had");
  let issue = 0;
  await asWorkflow(world, "x.yml", { issues: "write" }, async (forge) => {
    const body = "<!-- trainyard:monitor wages production -->\n\nmoved";
    issue = (await forge.issues.open({ title: "x", body, labels: ["drift"] })).number;
  });
  return issue;
}
