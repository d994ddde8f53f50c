import { resolve } from "node:path";
import { checkout } from "../artifacts/pull.ts";
import { formatCount } from "../core/report/numbers.ts";
import { EXIT } from "../errors.ts";
import { flag, list } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard checkout [PATH…]` */
export default defineStage({
  name: "checkout",
  summary:
    "Make data and models in the working tree what this commit names, from the cache: after git switch.",
  inputs: {
    paths: list("Only these; else all", { positional: true }),
    force: flag("Overwrite files that hold something of which there is no other copy", { short: "f" }),
    relink: flag("Make all files anew from the cache, as cache.type says: links or copies"),
    allowMissing: flag("Leave out what the cache has not, and count it as no failure"),
    recursive: flag("What lies below the paths, too, as is done anyway", { short: "R" }),
    summary: flag("Say how many, and not which"),
  },
  outputs: { written: "How many files or directories were written" },
  examples: ["trainyard checkout", "trainyard checkout data/cps.csv --force"],

  async run({ paths, force, relink, allowMissing, summary }, ports) {
    const workspace = await ports.workspace(ports.folder);
    const done = await checkout(workspace, {
      paths: paths.map((path) => resolve(ports.folder, path)),
      force,
      relink,
    });
    const { written, kept, refused, missing } = done;
    // What lies in .trainyard is made again where it is missing; data and models cannot be.
    const lost = allowMissing ? [] : missing.filter(({ path }) => !/(^|\/)\.trainyard\//.test(path));
    const lines = [
      ...written.map((path) => `wrote   ${path}`),
      ...refused.map(
        ({ path, file }) =>
          `refused ${path}  ${file === "" ? "it" : `"${file}" in it`} was changed here; \`trainyard add\` keeps it, --force overwrites it`,
      ),
      ...missing.map(
        ({ path }) => `missing ${path}  the cache has it not; \`trainyard fetch\` brings it there`,
      ),
    ];
    const counts = `wrote ${formatCount(written.length)}, kept ${formatCount(kept.length)}`;
    return {
      ...(lost.length + refused.length > 0 ? { exit: EXIT.failed } : {}),
      outputs: { written: String(written.length) },
      text: [...(summary ? [] : lines), counts].join("\n"),
      json: { written, kept, refused, missing },
    };
  },
});
