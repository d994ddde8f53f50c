import { dvcConfigFile } from "../artifacts/dvc-config-file.ts";
import { defaultRemoteName, registryOf, setDefaultRemote } from "../artifacts/remotes.ts";
import { EXIT } from "../errors.ts";
import { flag, text } from "./inputs.ts";
import { changeOf, levels } from "./remote-change.ts";
import { defineStage } from "./stage.ts";

/** `trainyard remote default [NAME]` */
export default defineStage({
  name: "remote default",
  summary: "Say, set or unset the default remote.",
  inputs: {
    name: text("The remote that is to be the default; else the one that is, is said", { positional: true }),
    unset: flag("Have no default", { short: "u" }),
    ...levels,
  },
  outputs: { remote: "The default remote's name; empty where there is none" },
  examples: ["trainyard remote default", "trainyard remote default store"],

  async run({ name, unset, ...level }, ports) {
    const change = changeOf(level, ports);
    const workspace = await ports.workspace(ports.folder);
    if (name !== undefined || unset) {
      await setDefaultRemote(workspace, change, unset ? undefined : name);
      const said = unset ? "there is no default" : `${name?.toLowerCase()} is the default`;
      const remote = unset ? null : (name?.toLowerCase() ?? null);
      return {
        outputs: { remote: remote ?? "" },
        text: `${said} in ${dvcConfigFile(change.level)}`,
        json: { remote, url: null, named_by: null },
      };
    }
    const remote = await defaultRemoteName(
      workspace,
      level.local || level.project ? change.level : undefined,
    );
    const isBoth = !level.local && !level.project;
    const own = remote === undefined && isBoth ? await registryOf(workspace, remote) : undefined;
    return {
      ...(remote === undefined && own === undefined ? { exit: EXIT.failed } : {}),
      outputs: { remote: remote ?? "" },
      text:
        remote ?? (own === undefined ? "no default remote is set" : `${own.url}\tnamed by ${own.named_by}`),
      json: { remote: remote ?? null, url: own?.url ?? null, named_by: own?.named_by ?? null },
    };
  },
});
