// Runs the toy in a process of its own, so that tests can kill it: FOLDER [SETTINGS as JSON]
import { appendFileSync } from "node:fs";
import { runWorks } from "../../src/pipeline/run.ts";
import { openToy, WORKS } from "./toy.ts";

const [folder = "", settings = "{}"] = process.argv.slice(2);
const progress = {
  start: () => ({ update() {}, end() {} }),
  say: (text: string) => process.stderr.write(`${text}\n`),
};
const { works } = await runWorks(WORKS, await openToy(folder, JSON.parse(settings), progress), {
  onStage: (event) =>
    appendFileSync(
      `${folder}/events.txt`,
      `${event.type} ${event.type === "begins" ? event.work : event.result.work}\n`,
    ),
});
process.stdout.write(JSON.stringify(works.map(({ work, outcome }) => `${work} ${outcome}`)));
