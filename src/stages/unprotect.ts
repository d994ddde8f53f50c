import { resolve } from "node:path";
import { unprotect } from "../artifacts/unprotect.ts";
import { EXIT, UserError } from "../errors.ts";
import { list } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard unprotect PATH…` */
export default defineStage({
  name: "unprotect",
  summary: "Make files that are links into the cache files of their own again, so that they can be changed.",
  inputs: { paths: list("Files or directories that have a version", { positional: true }) },
  outputs: { links: "How many files were links" },
  examples: ["trainyard unprotect data/cps.csv"],

  async run({ paths }, ports) {
    if (paths.length === 0)
      throw new UserError("unprotect needs a path, such as data/cps.csv", { exit: EXIT.usage });
    const workspace = await ports.workspace(ports.folder);
    const unprotected = await unprotect(
      workspace,
      paths.map((path) => resolve(ports.folder, path)),
    );
    const links = unprotected.reduce((sum, one) => sum + one.links, 0);
    return {
      outputs: { links: String(links) },
      text: unprotected
        .map(({ path, links }) => `${path} may be written to; ${links} of its files were links`)
        .join("\n"),
      json: { unprotected },
    };
  },
});
