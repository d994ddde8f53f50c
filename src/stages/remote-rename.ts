import { dvcConfigFile } from "../artifacts/dvc-config-file.ts";
import { renameRemote } from "../artifacts/remotes.ts";
import { required } from "./inputs.ts";
import { changeOf, levels } from "./remote-change.ts";
import { defineStage } from "./stage.ts";

/** `trainyard remote rename NAME NEW` */
export default defineStage({
  name: "remote rename",
  summary: "Give a remote another name.",
  inputs: {
    name: required("Its name", { positional: true }),
    new: required("Its new name", { positional: true }),
    ...levels,
  },
  outputs: { file: "The configuration file that was changed" },
  examples: ["trainyard remote rename store archive"],

  async run({ name, new: to, ...level }, ports) {
    const change = changeOf(level, ports);
    await renameRemote(await ports.workspace(ports.folder), change, { name, to });
    const file = dvcConfigFile(change.level);
    return {
      outputs: { file },
      text: `${name.toLowerCase()} is ${to.toLowerCase()} in ${file}`,
      json: { name: to.toLowerCase(), before: name.toLowerCase(), file },
    };
  },
});
