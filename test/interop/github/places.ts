import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Kill } from "../../../local/contract.ts";

/** A step of a run: the job's full name and the step's. */
export interface Place {
  readonly job: string;
  readonly step: string;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly name: string;
        readonly uses?: string;
        readonly steps?: readonly { readonly name?: string }[];
      }
    >
  >;
}

const FOLDER = ".github/workflows";
const read = (file: string): Workflow => parse(readFileSync(join(FOLDER, file), "utf8")) as Workflow;

/** The workflows that others call. */
export const shipped = (): readonly string[] =>
  readdirSync(FOLDER)
    .filter((file) => "workflow_call" in read(file).on)
    .sort();

/**
 * Every step of a workflow file in the order in which they run, those of workflows that it calls as well.
 *
 * @param caller the full name of the job that calls it
 * @param matrix what stands in the names of the jobs of a matrix
 */
export function placesOf(
  file: string,
  caller: string,
  matrix: Readonly<Record<string, string>> = {},
): readonly Place[] {
  return Object.values(read(file).jobs).flatMap(({ name, uses, steps = [] }) => {
    const job = `${caller} / ${name.replace(/\$\{\{ matrix\.(\w+) \}\}/g, (_, key) => matrix[key] ?? "")}`;
    if (uses !== undefined) return placesOf(uses.replace(`$/${FOLDER}/`, ""), job, matrix);
    return steps.map(({ name: step }) => {
      if (step === undefined) throw new Error(`${file}: a step of ${name} has no name to be killed by`);
      return { job, step };
    });
  });
}

/** Each step as it begins, and each job's last one when it has ended: between two steps it is the same. */
export const everyBorder = (places: readonly Place[]): readonly Kill[] =>
  places.flatMap((place, index) => [
    { ...place, when: "begins" as const },
    ...(places[index + 1]?.job === place.job ? [] : [{ ...place, when: "ends" as const }]),
  ]);
