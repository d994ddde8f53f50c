import { resolve } from "node:path";
import { within } from "../artifacts/version.ts";
import { showLog } from "../core/lineage/show-log.ts";
import { terminalText } from "../core/report/escape.ts";
import { EXIT, UserError } from "../errors.ts";
import { versionLog } from "../works/lineage/log.ts";
import { number, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

const MOST = 100;

/** `trainyard log [PATH]` */
export default defineStage({
  name: "log",
  summary:
    "Show which commits changed the version of a data file, a folder or a model, from what and how good it is.",
  inputs: {
    path: text("A file or folder that has versions; else all of them", { positional: true }),
    revision: text("Begin at this branch, tag or commit; else at what is checked out", {
      placeholder: "rev",
    }),
    limit: number("So many changes at most; 0 for all", { short: "n", default: MOST }),
  },
  outputs: { changes: "How many changes are shown" },
  examples: ["trainyard log", "trainyard log models/wages", "trainyard log data/cps.csv --limit 5 --json"],

  async run({ path = ".", revision = "HEAD", limit = MOST }, ports) {
    if (limit < 0 || !Number.isInteger(limit)) {
      throw new UserError(`--limit is ${limit}; it is a whole number, and 0 for all`, { exit: EXIT.usage });
    }
    const workspace = await ports.workspace(ports.folder);
    const below = within(workspace, resolve(ports.folder, path)).replace(/\.dvc$/, "");
    const most = limit === 0 ? Number.POSITIVE_INFINITY : limit;
    const { entries, more, notes } = await versionLog(workspace, { path: below, revision, most });
    if (entries.length === 0) {
      throw new UserError(
        below === ""
          ? "no commit names a version of anything; make the first one with `trainyard add`"
          : `no commit names a version of "${below}"; what Git itself keeps is told by \`git log -- ${below}\``,
      );
    }
    return {
      outputs: { changes: String(entries.length) },
      text: [
        showLog(entries, ports.screen),
        ...(more ? [`\nthere are older changes: --limit 0 shows them all`] : []),
        ...notes.map((note) => `note: ${terminalText(note, 400)}`),
      ].join("\n"),
      json: {
        schema: "trainyard/log/1",
        path: below,
        changes: entries.map(({ before, after, stage, inputs, metricsBefore, ...entry }) => ({
          ...entry,
          before: before ?? null,
          after: after ?? null,
          stage: stage ?? null,
          metrics_before: metricsBefore,
          inputs: inputs.map(({ kind, name, md5, sha256, size }) => ({ kind, name, md5, sha256, size })),
        })),
        more,
        notes,
      },
    };
  },
});
