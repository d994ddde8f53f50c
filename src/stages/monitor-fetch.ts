import { resolve } from "node:path";
import { counted } from "../core/report/numbers.ts";
import { writeApproved } from "../works/triage/hand.ts";
import { type Approved, approvedFor } from "../works/triage/look.ts";
import { required, text } from "./inputs.ts";
import { dueProjects } from "./monitor/due.ts";
import { defineStage } from "./stage.ts";

/** `$/actions/monitor-fetch`: what serves, and what it was trained on, for the job that sees the log. */
export default defineStage({
  name: "monitor-fetch",
  summary: "Find what was approved to serve, and bring what it is to be compared with.",
  inputs: {
    model: text("Only this model; else all that the schedule is for", { placeholder: "name" }),
    token: required("Reads the deployments", { placeholder: "token" }),
    out: required("Folder to write", { placeholder: "folder" }),
  },
  outputs: { models: "How many models are looked at" },
  action: {
    icon: "download",
    color: "gray-dark",
    permissions: ["contents: read # the contracts", "deployments: read # what was approved to serve"],
  },
  command: false,

  async run({ model, token, out }, ports) {
    const { projects, note } = await dueProjects(ports, undefined, model);
    const forge = await ports.forge({ token });
    const found = new Map<string, Approved>();
    for (const project of projects) found.set(project.contract.model, await approvedFor(project, forge));
    await writeApproved(resolve(ports.folder, out), found);
    const lines = [...found].map(([name, { environment, served }]) =>
      served === null
        ? `${name} in ${environment}: nothing serves`
        : `${name} in ${environment}: ${served.version ?? ""} ${served.sha256}`,
    );
    return {
      outputs: { models: String(found.size) },
      text: [
        ...lines,
        ...(note === undefined ? [] : [note]),
        `${counted(found.size, "model")} to look at`,
      ].join("\n"),
      json: { models: [...found.keys()] },
    };
  },
});
