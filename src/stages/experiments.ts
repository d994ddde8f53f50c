import { select } from "../core/experiments/select.ts";
import { columnsToShow, showExperiments } from "../core/experiments/show.ts";
import { terminalText } from "../core/report/escape.ts";
import { countOf, experimentInputs, namesIn, openExperiments, selectionInputs } from "./experiments-scene.ts";
import { flag, list, number } from "./inputs.ts";
import { defineStage } from "./stage.ts";

const MOST = 50;

/** `trainyard experiments` */
export default defineStage({
  name: "experiments",
  summary: "List experiments: what each run was told and what came out, on this machine and on the forge.",
  inputs: {
    ...selectionInputs,
    columns: list("Columns to show, with commas; else those that tell the experiments apart", {
      placeholder: "columns",
    }),
    limit: number("So many at most; 0 for all", { short: "n", default: MOST }),
    all: flag("Those that failed or were killed, too"),
    ...experimentInputs,
  },
  outputs: { experiments: "How many are shown" },
  examples: [
    "trainyard experiments",
    "trainyard experiments --sort -roc_auc --limit 10",
    'trainyard experiments --where "params.epochs > 20 and roc_auc >= 0.8" --columns id,epochs,roc_auc',
  ],

  async run({ where, branch, sort, columns, limit, all, ...place }, ports) {
    const most = countOf("--limit", limit);
    const { experiments, notes } = await openExperiments(ports, place);
    const found = select(experiments, { where, branch, sort: namesIn(sort), failed: all });
    const shown = found.slice(0, most);
    const wanted = namesIn(columns);
    const names = wanted.length > 0 ? wanted : columnsToShow(shown);
    return {
      outputs: { experiments: String(shown.length) },
      text: [
        shown.length === 0
          ? `no experiment ${experiments.length === 0 ? "yet: `trainyard run` leaves one" : "is like that"}`
          : showExperiments(shown, names, ports.screen),
        ...(found.length > shown.length
          ? [`${found.length - shown.length} more: --limit 0 shows them all`]
          : []),
        ...notes.map((note) => `note: ${terminalText(note, 400)}`),
      ].join("\n"),
      json: {
        schema: "trainyard/experiments/1",
        experiments: shown,
        more: found.length > shown.length,
        notes,
      },
    };
  },
});
