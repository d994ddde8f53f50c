import { dvcConfigFile } from "../artifacts/dvc-config-file.ts";
import { removeRemote } from "../artifacts/remotes.ts";
import { required } from "./inputs.ts";
import { changeOf, levels } from "./remote-change.ts";
import { defineStage } from "./stage.ts";

/** `trainyard remote remove NAME` */
export default defineStage({
  name: "remote remove",
  summary: "Forget a remote; what it holds stays there.",
  inputs: { name: required("Its name", { positional: true }), ...levels },
  outputs: { file: "The configuration file that was changed" },
  examples: ["trainyard remote remove backup"],

  async run({ name, ...level }, ports) {
    const change = changeOf(level, ports);
    await removeRemote(await ports.workspace(ports.folder), change, name);
    const file = dvcConfigFile(change.level);
    return {
      outputs: { file },
      text: `${name.toLowerCase()} is out of ${file}`,
      json: { name: name.toLowerCase(), file },
    };
  },
});
