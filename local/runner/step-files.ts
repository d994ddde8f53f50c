import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readPairs } from "./environment-files.ts";
import type { JobState } from "./job-state.ts";

/** The files that one process writes what it has to say into. */
export interface StepFiles {
  readonly env: Readonly<Record<string, string>>;
  /** Reads them, changes the job by them. @throws where they are not as they must be */
  take(): {
    readonly outputs: Readonly<Record<string, string>>;
    readonly state: Readonly<Record<string, string>>;
  };
}

const NAMES = ["output", "env", "path", "state", "step_summary"] as const;
const LARGEST_SUMMARY = 1 << 20; // https://docs.github.com/actions: a step's summary may have 1 MiB

/** Makes the files of one process, empty. */
export function openStepFiles(job: JobState): StepFiles {
  const folder = join(job.machine.temp, "_runner_file_commands");
  mkdirSync(folder, { recursive: true });
  const id = randomUUID();
  const fileOf = (name: string) => join(folder, `${name}_${id}`);
  for (const name of NAMES) writeFileSync(fileOf(name), "");
  const read = (name: (typeof NAMES)[number]) => readFileSync(fileOf(name), "utf8");

  function pairs(name: "output" | "env" | "state"): Readonly<Record<string, string>> {
    try {
      return Object.fromEntries(readPairs(read(name)));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`Unable to process file command '${name}' successfully. ${why}`);
    }
  }

  return {
    env: Object.fromEntries(NAMES.map((name) => [`GITHUB_${name.toUpperCase()}`, fileOf(name)])),
    take() {
      const added = pairs("env");
      if (Object.keys(added).some((name) => name.toUpperCase() === "NODE_OPTIONS")) {
        throw new Error("Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
      }
      job.env = { ...job.env, ...added };
      const paths = read("path")
        .split(/\r?\n/)
        .filter((path) => path.trim() !== "");
      job.paths = [...paths.reverse(), ...job.paths];
      const { size } = statSync(fileOf("step_summary"));
      if (size > LARGEST_SUMMARY) {
        const message = `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${Math.ceil(size / 1024)}k`;
        job.transcript.annotate({ level: "error", message });
      } else {
        job.transcript.summarise(read("step_summary"));
      }
      return { outputs: pairs("output"), state: pairs("state") };
    },
  };
}
