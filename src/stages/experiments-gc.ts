import { counted } from "../core/report/numbers.ts";
import { EXIT, UserError } from "../errors.ts";
import { experimentsHere, removeHere } from "../works/experiments/remove.ts";
import { experimentInputs } from "./experiments-scene.ts";
import { flag, number } from "./inputs.ts";
import { defineStage } from "./stage.ts";

const DAY = 24 * 60 * 60 * 1000;

/** `trainyard experiments gc` */
export default defineStage({
  name: "experiments gc",
  summary: "List experiments of this machine that are old, or failed; with --force, remove them.",
  inputs: {
    olderThan: number("Those that began more than so many days ago", { default: 90 }),
    keep: number("The newest of each model that stay, however old", { default: 20 }),
    failed: flag("Those that failed or were killed, however young, and no others"),
    force: flag("Remove them", { short: "f" }),
    contract: experimentInputs.contract,
  },
  outputs: { experiments: "How many may go, or went" },
  examples: ["trainyard experiments gc", "trainyard experiments gc --failed --force"],

  async run({ olderThan, keep, failed, force, contract }, ports) {
    const days = atLeastZero("--older-than", olderThan);
    const most = atLeastZero("--keep", keep);
    const here = await experimentsHere(ports, contract);
    const before = ports.now().getTime() - days * DAY;
    const seen = new Map<string, number>();
    const old = here.filter(({ one }) => {
      if (failed) return one.status !== "finished";
      const count = (seen.get(one.model) ?? 0) + 1;
      seen.set(one.model, count);
      return count > most && Date.parse(one.started_at) < before;
    });
    const wanted = old.map(({ one }) => one);
    if (force) await removeHere(here, wanted);
    const did = force ? "removed" : "may go";
    return {
      outputs: { experiments: String(wanted.length) },
      text: [
        ...wanted.map(({ id, model, status }) => `${did}  ${id}  ${model}  ${status}`),
        `${counted(wanted.length, "experiment")} of ${here.length}${force || wanted.length === 0 ? "" : "; --force removes them"}`,
      ].join("\n"),
      json: { removed: force, experiments: wanted.map(({ id }) => id), kept: here.length - wanted.length },
    };
  },
});

function atLeastZero(option: string, value: number | undefined): number {
  if (value !== undefined && value >= 0) return value;
  throw new UserError(`${option} is ${value}; it is 0 or more`, { exit: EXIT.usage });
}
