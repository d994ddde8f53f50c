import { resolve } from "node:path";
import type { Measurement } from "../core/triage/measurement.ts";
import { measurementText } from "../core/triage/text.ts";
import { openProjects } from "../works/project.ts";
import { readApproved, writeMeasured } from "../works/triage/hand.ts";
import { look } from "../works/triage/look.ts";
import { required } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `$/actions/monitor-look`: reads the prediction log where it lies, without a token and without a secret. */
export default defineStage({
  name: "monitor-look",
  summary: "Compare the prediction log with what the served model was trained on, and hand the numbers over.",
  inputs: {
    approved: required("The folder that `monitor-fetch` wrote", { placeholder: "folder" }),
    out: required("Folder to write", { placeholder: "folder" }),
  },
  outputs: { models: "How many models were looked at" },
  action: { icon: "eye", color: "purple" },
  command: false,

  async run({ approved, out }, ports) {
    const { files } = await ports.workspace(ports.folder);
    const known = await readApproved(files, resolve(ports.folder, approved));
    const measurements: Measurement[] = [];
    for (const project of await openProjects(ports, {})) {
      const serving = known.get(project.contract.model);
      if (serving !== undefined && project.contract.monitor !== undefined)
        measurements.push(await look(project, serving));
    }
    await writeMeasured(resolve(ports.folder, out), measurements);
    return {
      outputs: { models: String(measurements.length) },
      text: measurements.map(measurementText).join("\n"),
      json: { models: measurements.map(({ model }) => model) },
    };
  },
});
