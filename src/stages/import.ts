import { basename, resolve } from "node:path";
import { importFrom } from "../artifacts/import.ts";
import { formatBytes } from "../core/text/bytes.ts";
import { gitAdd } from "./commit-line.ts";
import { elsewhereInputs } from "./elsewhere-inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard import URL PATH` */
export default defineStage({
  name: "import",
  summary: "Bring data or a model of another repository here, and keep where it came from.",
  inputs: elsewhereInputs,
  outputs: { pointer: "The pointer file" },
  examples: ["trainyard import https://github.com/acme/data wages/cps.csv -o data/cps.csv"],

  async run({ url, path, out, rev, force }, ports) {
    const workspace = await ports.workspace(ports.folder);
    const to = resolve(ports.folder, out ?? basename(path));
    const revision = rev === undefined ? {} : { revision: rev };
    const from = await ports.elsewhere({ url, from: ports.folder, ...revision });
    try {
      const imported = await importFrom(workspace, from, { url, path, to, force, ...revision });
      return {
        outputs: { pointer: imported.pointer },
        text: `wrote ${imported.path}, ${formatBytes(imported.size)}, of ${imported.commit.slice(0, 7)}; commit it: ${gitAdd({ root: workspace.root, folder: ports.folder }, [imported.pointer])}`,
        json: imported,
      };
    } finally {
      await from.close();
    }
  },
});
