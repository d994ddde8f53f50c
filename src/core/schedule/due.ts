import * as z from "zod";
import { dueAt, type Scheduled } from "./cron.ts";

/** The models that a run is for. */
export interface Due {
  readonly models: readonly string[];
  /** What is wrong with the workflow's schedule. */
  readonly note: string | undefined;
}

const scheduled = z.object({ schedule: z.string() });
const dispatched = z.object({ inputs: z.object({ model: z.string().nullish() }).nullish() });

/**
 * The models that a run is for: the one that is named, those of the schedule's line, else all.
 *
 * @example dueModels(undefined, [{ model: "wages", every: "daily" }], "monitor", undefined).models // => ["wages"]
 * @example dueModels({ name: "schedule", payload: { schedule: "0 0 * * *" } }, [{ model: "wages", every: "daily" }], "monitor", undefined).models // => ["wages"]
 */
export function dueModels(
  event: { readonly name: string; readonly payload: unknown } | undefined,
  all: readonly Scheduled[],
  purpose: string,
  asked: string | undefined,
): Due {
  const names = all.map(({ model }) => model);
  if (asked !== undefined) return { models: names.filter((name) => name === asked), note: undefined };
  if (event?.name === "workflow_dispatch") {
    const model = dispatched.safeParse(event.payload).data?.inputs?.model;
    if (model) return { models: names.filter((name) => name === model), note: undefined };
  }
  if (event?.name !== "schedule") return { models: names, note: undefined };
  const line = scheduled.safeParse(event.payload).data?.schedule ?? "";
  const { models, foreign } = dueAt(line, all, purpose);
  if (!foreign) return { models, note: undefined };
  const note =
    "the workflow's schedule is not the one that the contracts ask for; remove the file and run `trainyard init`";
  return { models, note };
}
