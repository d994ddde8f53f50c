import { listRemotes } from "../artifacts/remotes.ts";
import { changeOf, levels } from "./remote-change.ts";
import { defineStage } from "./stage.ts";

/** `trainyard remote list` */
export default defineStage({
  name: "remote list",
  summary: "List the remotes.",
  inputs: levels,
  outputs: { names: "Names of the remotes, one a line" },
  examples: ["trainyard remote list"],

  async run(level, ports) {
    const change = changeOf(level, ports);
    const one = level.local || level.project ? change.level : undefined;
    const remotes = await listRemotes(await ports.workspace(ports.folder), one);
    return {
      outputs: { names: remotes.flatMap(({ name }) => name ?? []).join("\n") },
      text: remotes
        .map(
          ({ name, url, default: first, named_by }) =>
            `${name ?? `(${named_by})`}\t${url}${first ? "\t(default)" : ""}`,
        )
        .join("\n"),
      json: { remotes },
    };
  },
});
