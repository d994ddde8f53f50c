import { reconciledText } from "../core/deployments/reconcile.ts";
import { EXIT } from "../errors.ts";
import { reconcile } from "../works/serve/reconcile.ts";
import { followInputs, sources } from "./follow.ts";
import { list, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard reconcile` */
export default defineStage({
  name: "reconcile",
  summary: "Ask each server what it serves, and say where that is not what is deployed.",
  inputs: {
    contract: text("Contract file or its folder; else every contract below this folder", {
      positional: true,
    }),
    environment: list("Only these environments", { placeholder: "name" }),
    ...followInputs,
  },
  action: {
    icon: "git-merge",
    color: "blue",
    permissions: ["contents: read # the contracts", "deployments: read # what is deployed"],
  },
  outputs: { differ: "How many servers serve something else, or do not say what" },
  examples: ["trainyard reconcile", "trainyard reconcile --environment production --json"],

  async run({ contract, environment, ...followed }, ports) {
    const workspace = await ports.workspace(ports.folder);
    const source = await sources(ports, workspace, followed);
    const { rows, amiss } = await reconcile(ports, { contract, environments: environment, source });
    const differ = rows.filter(({ standing }) => standing === "differs" || standing === "unknown").length;
    return {
      ...(amiss ? { exit: EXIT.failed } : {}),
      outputs: { differ: String(differ) },
      text: rows.length === 0 ? "no contract here deploys anywhere" : reconciledText(rows),
      json: {
        schema: "trainyard/reconciled/1",
        servers: rows.map((row) => ({
          ...row,
          desired: versionJson(row.desired),
          actual: versionJson(row.actual),
        })),
      },
    };
  },
});

const versionJson = (served: { readonly sha256: string; readonly version: string | undefined } | null) =>
  served && { sha256: served.sha256, version: served.version ?? null };
