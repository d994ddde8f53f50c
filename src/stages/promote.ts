import { markdownText, terminalText } from "../core/report/escape.ts";
import { type Proposed, promote } from "../works/release/promote.ts";
import { accessOf } from "./access.ts";
import { text } from "./inputs.ts";
import { releaseScene } from "./release-scene.ts";
import { defineStage, type Result } from "./stage.ts";

/** `trainyard promote` */
export default defineStage({
  name: "promote",
  summary: "Propose what serves in one environment for the next, by one pull request that changes one line.",
  inputs: {
    environment: text("Only into this environment", { placeholder: "name" }),
    model: text("Only this model", { placeholder: "name" }),
    token: text("Writes the branch and its pull request", { placeholder: "token" }),
    appId: text("The team's own GitHub App, in whose name is written instead", { placeholder: "id" }),
    appPrivateKey: text("Its private key", { placeholder: "key" }),
  },
  outputs: { pulls: "As JSON: [{environment, model, outcome, pull, url}]" },
  action: {
    icon: "git-pull-request",
    color: "green",
    permissions: ["contents: write # the branch of the promotion", "pull-requests: write # the promotion"],
  },
  examples: ["trainyard promote --token TOKEN", "trainyard promote --environment production --token TOKEN"],

  async run(inputs, ports): Promise<Result<"pulls">> {
    const scene = await releaseScene(ports, accessOf(inputs));
    const { environment, model } = inputs;
    const found = await promote(scene, { environment, model });
    const pulls = found.map(({ sentence: _, ...one }) => one);
    const said = found.filter(({ outcome }) => outcome !== "none");
    return {
      outputs: { pulls: JSON.stringify(pulls) },
      text: found.length === 0 ? "no environment comes after another" : found.map(lineOf).join("\n"),
      markdown: said.map(({ sentence }) => `- ${markdownText(sentence, 1000)}\n`).join(""),
      json: found,
    };
  },
});

const lineOf = ({ outcome, sentence }: Proposed): string =>
  `${outcome.padEnd(9)} ${terminalText(sentence, 1000)}`;
