import { resolve } from "node:path";
import { isOurs, mergeTexts } from "../artifacts/merge.ts";
import { EXIT, UserError } from "../errors.ts";
import { required } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard merge-driver %O %A %B %P`, as Git calls it. */
export default defineStage({
  name: "merge-driver",
  summary: "Merge one file for `git merge`, which calls this itself after `trainyard merge --install`.",
  inputs: {
    base: required("The file as both sides began with it", { positional: true }),
    ours: required("The file as we have it; the outcome is written here", { positional: true }),
    theirs: required("The file as they have it", { positional: true }),
    path: required("What it is called in the repository", { positional: true }),
  },
  outputs: {},

  async run({ base, ours, theirs, path }, ports) {
    if (!isOurs(path)) throw new UserError(`"${path}" is neither a pointer nor a lock`, { exit: EXIT.usage });
    const workspace = await ports.workspace(ports.folder);
    const read = async (file: string): Promise<string> => {
      const found = await workspace.files.read(resolve(ports.folder, file));
      if (found === undefined) throw new UserError(`"${file}" is not there`);
      return found;
    };
    const origin = await read(base);
    const sides = {
      base: origin === "" ? undefined : origin,
      ours: await read(ours),
      theirs: await read(theirs),
    };
    const { text, conflicts } = await mergeTexts(workspace, sides, path);
    await workspace.files.write(resolve(ports.folder, ours), text);
    return {
      ...(conflicts.length > 0 ? { exit: EXIT.failed } : {}),
      outputs: {},
      text: conflicts.map((sentence) => `${path}: ${sentence}`).join("\n"),
      json: { path, conflicts },
    };
  },
});
