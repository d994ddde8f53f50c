import { resolve } from "node:path";
import { type Imported, importFrom, knownImports } from "../artifacts/import.ts";
import { flag, list, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard update [TARGET…]` */
export default defineStage({
  name: "update",
  summary: "Bring imports up to date with the repositories that they came from.",
  inputs: {
    targets: list("Imports, or their pointers; else all", { positional: true }),
    rev: text("Branch, tag or commit there; else the one that the pointer follows", {
      placeholder: "commit",
    }),
    force: flag("Overwrite what was changed here", { short: "f" }),
  },
  outputs: { changed: "The pointers that were changed, one a line" },
  examples: ["trainyard update", "trainyard update data/cps.csv.dvc --rev v2"],

  async run({ targets, rev, force }, ports) {
    const workspace = await ports.workspace(ports.folder);
    const wanted = await knownImports(
      workspace,
      targets.map((target) => resolve(ports.folder, target)),
    );
    const updated: Imported[] = [];
    for (const { url, path, to, revision } of wanted) {
      const which = rev ?? revision;
      const asked = which === undefined ? {} : { revision: which };
      const from = await ports.elsewhere({ url, from: workspace.root, ...asked });
      try {
        updated.push(await importFrom(workspace, from, { url, path, to, force, ...asked }));
      } finally {
        await from.close();
      }
    }
    const changed = updated.filter((one) => one.changed).map(({ pointer }) => pointer);
    return {
      outputs: { changed: changed.join("\n") },
      text:
        updated.length === 0
          ? "nothing was imported"
          : updated
              .map((one) => `${one.changed ? "wrote" : "kept "} ${one.pointer}  of ${one.commit.slice(0, 7)}`)
              .join("\n"),
      json: { updated },
    };
  },
});
