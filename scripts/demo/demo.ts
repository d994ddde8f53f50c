// The demo: plays the main job on real data. First on a GitHub of its own, where the shipped workflow
// files run as they would run for you; then on a laptop. It leaves what a reader would see in demo-out/.
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { playCredit } from "./credit.ts";
import { playDeploying } from "./deploy.ts";
import { openFlights } from "./flights-world.ts";
import { playLaptop } from "./laptop.ts";
import { playPullRequests } from "./pull-requests.ts";
import { keepPages, playRecovery } from "./recover.ts";
import { held, type Stage } from "./show.ts";
import { playTriage } from "./triage.ts";

const out = resolve("demo-out");
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const bold = (text: string): string => (colour ? `\u001b[1m${text}\u001b[22m` : text);
const dim = (text: string): string => (colour ? `\u001b[2m${text}\u001b[22m` : text);
const began = Date.now();
const seconds = (): number => Math.round((Date.now() - began) / 1000);

let number = 0;
const stage: Stage = {
  step: (text) => console.log(`\n${bold(`${++number}. ${text}`)}`),
  say: (text, at = seconds()) =>
    console.log(/^run \d+/.test(text) ? dim(`   ${String(at).padStart(3)} s  ${text}`) : text),
};

if (!existsSync("dist/cli.js")) throw new Error("dist/cli.js is missing; run npm run build");
rmSync(out, { recursive: true, force: true });
mkdirSync(out);

// The parts know nothing of one another, so they go on at once; what the later ones say waits for its turn.
const [second, third, last] = [held(stage, seconds), held(stage, seconds), held(stage, seconds)];
const proposed = playPullRequests(out, stage);
const merged = playFlights(second);
const unfair = proposed.then(() => playCredit(out, third)); // two at a time, for two cores
const alone = unfair.then(() => playLaptop(out, last));
proposed.finally(() => second.rise()).catch(() => {});
Promise.allSettled([proposed, merged]).then(() => third.rise());
Promise.allSettled([proposed, merged, unfair]).then(() => last.rise());
for (const played of await Promise.allSettled([proposed, merged, unfair, alone])) {
  if (played.status === "rejected") throw played.reason;
}

/** Moments three to five: merging, triaging, recovering. */
async function playFlights(stage: Stage): Promise<void> {
  const flights = await openFlights(stage);
  try {
    await playDeploying(flights, out, stage);
    const issue = await playTriage(flights, stage);
    await playRecovery(flights, stage, issue);
    await keepPages(flights, out, issue);
  } finally {
    await flights.close();
  }
}

console.log(`\n${bold("Done")} in ${seconds()} s. Open these:
  demo-out/pull-request.html  the pull request as a reviewer sees it: too close to call (534 wages)
  demo-out/better.html        one that is clearly better (10,100 flights)
  demo-out/unfair.html        one that is better on average, and unfair to one group (made data)
  demo-out/fork.html          a stranger's, whose training printed a verdict of its own
  demo-out/insider.html       an insider's, with easier gates, a forged lock and a forged status
  demo-out/issue.html         what moved in production, how it was followed, and how it was closed
  demo-out/deployments.html   what was deployed where and when, the rollback among them
  demo-out/served.json        what the live servers answered at each step
  demo-out/comment.md         the comment, as Markdown
  demo-out/report.html        the page behind it (flights-report.html: the three million)
  demo-out/report.json        the same for machines`);
