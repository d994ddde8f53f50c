import * as z from "zod";
import { experiment, paramValue } from "../../../src/core/experiments/record.ts";
import { type Answer, about, count, path } from "./shapes.ts";

const id = z.string().meta({ title: "id" });

/** What was tried, and what came of it. */
export const EXPERIMENTS: readonly Answer[] = [
  {
    command: "experiments",
    shape: z.strictObject({
      schema: z.literal("trainyard/experiments/1"),
      experiments: about(
        z.array(experiment.meta({ title: "experiment" })),
        "as `experiments show` prints one",
      ),
      more: about(z.boolean(), "whether there are more than `--limit`"),
      notes: about(z.array(z.string()), "what could not be looked at"),
    }),
  },
  {
    command: "experiments compare",
    shape: z.strictObject({
      schema: z.literal("trainyard/experiments-compare/1"),
      experiments: z.array(id),
      differs: about(
        z.array(z.strictObject({ name: z.string(), values: z.array(paramValue) })),
        "values in the order of the experiments",
      ),
      same: about(count, "how many values are the same in all of them"),
    }),
  },
  {
    command: "experiments export",
    shape: z.strictObject({
      address: about(z.string(), "of the tracking server"),
      experiments: z.array(
        z.strictObject({
          id,
          run: about(z.string().nullable(), "its id at the server"),
          outcome: z.enum(["exported", "there already", "would be exported"]),
          experiment: about(z.string(), "its name at the server"),
        }),
      ),
    }),
  },
  {
    command: "experiments export",
    when: "with `--to dvclive`",
    shape: z.strictObject({ folder: path, experiment: id }),
  },
  {
    command: "experiments gc",
    shape: z.strictObject({
      removed: about(z.boolean(), "else they only may go"),
      experiments: z.array(id),
      kept: count,
    }),
  },
  {
    command: "experiments import",
    shape: z.strictObject({
      address: about(z.string(), "of the tracking server"),
      experiment: about(z.string(), "its name at the server"),
      imported: z.array(id),
      there: about(count, "that were here already"),
      running: about(count, "that have not ended yet"),
    }),
  },
  {
    command: "experiments import",
    when: "with `--from dvclive`",
    shape: z.strictObject({ folder: path, imported: z.array(id), there: count }),
  },
  {
    command: "experiments rm",
    shape: z.strictObject({ removed: z.boolean(), experiments: z.array(id) }),
  },
  { command: "experiments show", shape: experiment },
];
