import { dvcConfigFile } from "../artifacts/dvc-config-file.ts";
import { modifyRemote } from "../artifacts/remotes.ts";
import { EXIT, UserError } from "../errors.ts";
import { flag, required, text } from "./inputs.ts";
import { changeOf, levels } from "./remote-change.ts";
import { defineStage } from "./stage.ts";

/** `trainyard remote modify NAME OPTION [VALUE]` */
export default defineStage({
  name: "remote modify",
  summary: "Set or unset an option of a remote.",
  inputs: {
    name: required("Its name", { positional: true }),
    option: required("The option, such as url or endpointurl", { positional: true }),
    value: text("What it is to be", { positional: true }),
    unset: flag("Take the option out", { short: "u" }),
    ...levels,
  },
  outputs: { file: "The configuration file that was changed" },
  examples: ["trainyard remote modify store endpointurl https://minio.example.com"],

  async run({ name, option, value, unset, ...level }, ports) {
    if (unset === (value !== undefined)) {
      throw new UserError("remote modify needs a value, or --unset", { exit: EXIT.usage });
    }
    const change = changeOf(level, ports);
    const workspace = await ports.workspace(ports.folder);
    await modifyRemote(workspace, change, { name, option, ...(value === undefined ? {} : { value }) });
    const file = dvcConfigFile(change.level);
    return {
      outputs: { file },
      text: `${option} of ${name.toLowerCase()} is ${unset ? "out of" : "in"} ${file}`,
      json: { name: name.toLowerCase(), option: option.toLowerCase(), unset, file },
    };
  },
});
