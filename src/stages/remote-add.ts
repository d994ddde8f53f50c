import { dvcConfigFile } from "../artifacts/dvc-config-file.ts";
import { addRemote } from "../artifacts/remotes.ts";
import { flag, required } from "./inputs.ts";
import { changeOf, levels } from "./remote-change.ts";
import { defineStage } from "./stage.ts";

/** `trainyard remote add NAME URL` */
export default defineStage({
  name: "remote add",
  summary: "Name a place that versions are pushed to and pulled from.",
  inputs: {
    name: required("Its name", { positional: true }),
    url: required("A folder, s3://…, gs://…, azure://…, ssh://…, https://… or webdav://…", {
      positional: true,
    }),
    default: flag("Make it the default", { short: "d" }),
    force: flag("Overwrite one of the same name", { short: "f" }),
    ...levels,
  },
  outputs: { file: "The configuration file that was changed" },
  examples: [
    "trainyard remote add --default store ../store",
    "trainyard remote add backup s3://acme-models/backup",
  ],

  async run({ name, url, default: asDefault, force, ...level }, ports) {
    const change = changeOf(level, ports);
    await addRemote(await ports.workspace(ports.folder), change, { name, url, force, asDefault });
    const file = dvcConfigFile(change.level);
    const remote = name.toLowerCase();
    return {
      outputs: { file },
      text: `${remote} is in ${file}${asDefault ? ", and is the default" : ""}`,
      json: { name: remote, default: asDefault, file },
    };
  },
});
