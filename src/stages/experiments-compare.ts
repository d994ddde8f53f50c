import { resolve } from "node:path";
import { compareExperiments } from "../core/experiments/compare.ts";
import { findExperiment } from "../core/experiments/find.ts";
import { experimentsPage } from "../core/experiments/page.ts";
import { select } from "../core/experiments/select.ts";
import { showCompared } from "../core/experiments/show-compared.ts";
import { EXIT, UserError } from "../errors.ts";
import { countOf, experimentInputs, namesIn, openExperiments, selectionInputs } from "./experiments-scene.ts";
import { list, number, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

const MOST = 10;

/** `trainyard experiments compare [ID…]` */
export default defineStage({
  name: "experiments compare",
  summary: "Show what differs between experiments, as a table or as a page with parallel coordinates.",
  inputs: {
    ids: list("Their ids; else those that --where, --branch, --sort and --limit choose", {
      positional: true,
    }),
    ...selectionInputs,
    limit: number("Without ids, so many at most; 0 for all", { short: "n", default: MOST }),
    html: text("Write a page to this file, too", { placeholder: "file" }),
    ...experimentInputs,
  },
  outputs: { differs: "How many values differ" },
  examples: [
    "trainyard experiments compare 20261122T010203 20261122T020304",
    "trainyard experiments compare --sort -roc_auc --limit 0 --html experiments.html",
  ],

  async run({ ids, where, branch, sort, limit, html, ...place }, ports) {
    const most = countOf("--limit", limit);
    const { experiments } = await openExperiments(ports, place);
    if (ids.length > 0 && (where !== undefined || branch !== undefined || sort.length > 0)) {
      throw new UserError("ids and --where, --branch or --sort go not together", { exit: EXIT.usage });
    }
    const chosen =
      ids.length > 0
        ? ids.map((id) => findExperiment(experiments, id))
        : select(experiments, { where, branch, sort: namesIn(sort) }).slice(0, most);
    const compared = compareExperiments([...new Set(chosen)]);
    if (compared.experiments.length < 2) {
      throw new UserError(
        `there ${compared.experiments.length === 1 ? "is one experiment" : "are no experiments"} to compare; it takes two`,
      );
    }
    if (html !== undefined) {
      const { files } = await ports.workspace(ports.folder);
      await files.write(resolve(ports.folder, html), experimentsPage(compared.experiments));
    }
    return {
      outputs: { differs: String(compared.differs.length) },
      text: [showCompared(compared, ports.screen), ...(html === undefined ? [] : [`wrote ${html}`])].join(
        "\n",
      ),
      json: {
        schema: "trainyard/experiments-compare/1",
        experiments: compared.experiments.map(({ id }) => id),
        differs: compared.differs,
        same: compared.same,
      },
    };
  },
});
