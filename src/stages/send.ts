import { resolve } from "node:path";
import { required, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `$/actions/send`: a folder of this job becomes an artifact of its run. */
export default defineStage({
  name: "send",
  summary: "Hand a folder over to a later job.",
  inputs: {
    name: required("What it is called there", { placeholder: "name" }),
    folder: required("The folder that is handed over", { placeholder: "path" }),
    page: text("A file of it that is handed over once more by itself, to be opened in a browser", {
      placeholder: "file",
    }),
  },
  outputs: { url: "Where a person can look at it", digest: "sha256 of it, for the `digest` of `receive`" },
  action: { icon: "send", color: "gray-dark" },
  command: false,

  async run({ name, folder, page }, ports) {
    const { url, digest } = await ports.handoff.send(name, resolve(ports.folder, folder), page);
    return {
      outputs: { url: url ?? "", digest: digest ?? "" },
      text: `handed over as "${name}"${url === undefined ? "" : `: ${url}`}`,
      json: { name, url: url ?? null, digest: digest ?? null },
    };
  },
});
