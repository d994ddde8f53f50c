import { markdownText } from "../core/report/escape.ts";
import { EXIT } from "../errors.ts";
import { deploy } from "../works/release/deploy.ts";
import { patienceOf } from "../works/release/patience.ts";
import { accessOf } from "./access.ts";
import { required, text } from "./inputs.ts";
import { releaseScene } from "./release-scene.ts";
import { defineStage, type Result } from "./stage.ts";

type Output = "outcome" | "deployment" | "version" | "served" | "tag";

/** `$/actions/deploy`: what a desired state names is recorded as deployed, and read back from its server. */
export default defineStage({
  name: "deploy",
  summary: "Deploy what a desired state names: servers follow, and what they serve is read back.",
  inputs: {
    environment: required("The environment, as in deployments/ENVIRONMENT/MODEL.yaml", {
      placeholder: "name",
    }),
    model: required("The model's name", { placeholder: "name" }),
    sha256: required("The bytes that are to be deployed; the desired state must name them", {
      placeholder: "digest",
    }),
    patience: text("How long the server may take to serve them, such as 90s or 5m", { default: "5m" }),
    token: text("Writes, in the workflow's name", { placeholder: "token" }),
    appId: text("The team's own GitHub App, in whose name is written instead", { placeholder: "id" }),
    appPrivateKey: text("Its private key", { placeholder: "key" }),
  },
  outputs: {
    outcome: "deployed, unchanged, superseded or failed",
    deployment: "The number of the deployment; empty where there is none",
    version: "The version; empty where none was deployed",
    served: "What the server said; empty where it was not asked",
    tag: "The tag that says so; empty where none was made",
  },
  action: {
    icon: "upload-cloud",
    color: "green",
    permissions: [
      "contents: write # the ledger, and the tag of the assignment",
      "deployments: write # the deployment and its statuses",
      "pull-requests: read # which pull request brought it",
    ],
  },
  command: false,

  async run(inputs, ports): Promise<Result<Output>> {
    const { environment, model, sha256 } = inputs;
    const patience = patienceOf(inputs.patience ?? "5m");
    const scene = await releaseScene(ports, accessOf(inputs));
    const found = await deploy(scene, { environment, model, sha256, patience });
    const { outcome, deployment, version, served, tag, sentence } = found;
    return {
      ...(outcome === "failed" ? { exit: EXIT.failed } : {}),
      outputs: {
        outcome,
        deployment: String(deployment ?? ""),
        version: version ?? "",
        served: served ?? "",
        tag: tag ?? "",
      },
      text: sentence,
      markdown: `${ICONS[outcome]} ${markdownText(sentence, 1000)}.\n`,
      json: found,
    };
  },
});

const ICONS = { deployed: "🚀", unchanged: "✅", superseded: "⏭️", failed: "❌" } as const;
