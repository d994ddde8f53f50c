import { basename, resolve } from "node:path";
import { bringFrom } from "../artifacts/bring-from.ts";
import { UserError } from "../errors.ts";
import { elsewhereInputs } from "./elsewhere-inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard get URL PATH` */
export default defineStage({
  name: "get",
  summary: "Copy data or a model of another repository here, and keep nothing of where it came from.",
  inputs: elsewhereInputs,
  outputs: { path: "Where it is now" },
  examples: ["trainyard get https://github.com/acme/models models/wages --rev wages@v1.2.0"],

  async run({ url, path, out, rev, force }, ports) {
    const to = resolve(ports.folder, out ?? basename(path));
    const from = await ports.elsewhere({
      url,
      from: ports.folder,
      ...(rev === undefined ? {} : { revision: rev }),
    });
    try {
      const { files } = from.workspace;
      if (!force && (await files.exists(to))) {
        throw new UserError(
          `there is a "${to}" already; --force overwrites it, --out gives it another place`,
        );
      }
      await bringFrom(from, path, to, from.workspace);
      return {
        outputs: { path: to },
        text: `wrote ${to}, of ${from.commit.slice(0, 7)}`,
        json: { path: to, commit: from.commit },
      };
    } finally {
      await from.close();
    }
  },
});
