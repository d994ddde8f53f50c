import { resolve } from "node:path";
import { add } from "../artifacts/add.ts";
import { EXIT, UserError } from "../errors.ts";
import { gitAdd } from "./commit-line.ts";
import { list } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard add PATH…` */
export default defineStage({
  name: "add",
  summary: "Give data files a version: their bytes go to the cache, a pointer file goes to Git.",
  inputs: { paths: list("Files or directories", { positional: true }) },
  outputs: { pointers: "The pointer files, one a line" },
  examples: ["trainyard add data/cps.csv"],

  async run({ paths }, ports) {
    if (paths.length === 0)
      throw new UserError("add needs a path, such as data/cps.csv", { exit: EXIT.usage });
    const workspace = await ports.workspace(ports.folder);
    const added = [];
    for (const path of paths) added.push(await add(workspace, resolve(ports.folder, path)));
    const lines = added.map(
      ({ pointer, path, md5, changed }) => `${changed ? "wrote" : "kept "} ${pointer}  ${path} is md5 ${md5}`,
    );
    const toCommit = added.flatMap(({ pointer, gitignore }) =>
      gitignore === undefined ? [pointer] : [pointer, gitignore],
    );
    const at = { root: workspace.root, folder: ports.folder };
    return {
      outputs: { pointers: added.map(({ pointer }) => pointer).join("\n") },
      text: [...lines, `commit them: ${gitAdd(at, toCommit)}`].join("\n"),
      json: { added },
    };
  },
});
