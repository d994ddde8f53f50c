import { resolve } from "node:path";
import { type ExportPreview, exportTo, previewExport } from "../artifacts/export.ts";
import { counted } from "../core/report/numbers.ts";
import { formatBytes } from "../core/text/bytes.ts";
import { EXIT } from "../errors.ts";
import { flag, list, number, required } from "./inputs.ts";
import { defineStage, type Result } from "./stage.ts";
import { choiceOf } from "./transfer-inputs.ts";

/** `trainyard remote export NAME [PATH…]` */
export default defineStage({
  name: "remote export",
  summary: "Mirror versions from the remote in force to one of .dvc/config, where DVC finds them, too.",
  inputs: {
    name: required("The remote that gets them", { positional: true, placeholder: "name" }),
    paths: list("Files, folders or pointer files; else all that have versions", { positional: true }),
    workspace: flag("Only what the working tree names; else what branches and tags name, too", {
      short: "w",
    }),
    allCommits: flag("Also what any commit names", { short: "A" }),
    jobs: number("So many requests at once; else what is best for the remote", { short: "j" }),
    dryRun: flag("Say what would be mirrored, and mirror nothing"),
  },
  outputs: { objects: "How many objects were sent" },
  examples: ["trainyard remote export backup", "trainyard remote export backup models/wages --workspace"],

  async run({ name, workspace: only, dryRun, ...inputs }, ports) {
    const workspace = await ports.workspace(ports.folder);
    const all = !only && workspace.repo !== undefined;
    const choice = {
      ...choiceOf({ ...inputs, remote: undefined, allBranches: all, allTags: all }, ports.folder),
      paths: inputs.paths.map((path) => resolve(ports.folder, path)),
    };
    if (dryRun) return preview(await previewExport(workspace, name, choice));
    const exported = await exportTo(workspace, name, choice);
    const { from, to, versions, objects, bytes, missing } = exported;
    return {
      ...(missing.length > 0 ? { exit: EXIT.failed } : {}),
      outputs: { objects: String(objects) },
      text: [
        ...missing.map(
          ({ path, md5, named_by }) => `missing ${path}  ${named_by} names ${md5}, which is nowhere`,
        ),
        `${counted(versions, "version")} of ${from} ${versions === 1 ? "is" : "are"} in ${to}; sent ${counted(objects, "object")}, ${formatBytes(bytes)}`,
      ].join("\n"),
      json: exported,
    };
  },
});

function preview(found: ExportPreview): Result<"objects"> {
  const { would_export, to, there } = found;
  return {
    outputs: { objects: "0" },
    text: [
      ...would_export.map((path) => `would mirror ${path}`),
      `would mirror ${counted(would_export.length, "path")} to ${to}; it has ${counted(there, "version")}`,
    ].join("\n"),
    json: found,
  };
}
