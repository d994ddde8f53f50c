import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Report } from "../core/report/report.ts";
import { NOTICED } from "./features.ts";
import { PREPARATION } from "./prepare.ts";
import type { StageProject } from "./project.ts";

export type Findings = Report["warnings"];

/** What was noticed on the way to the features. */
export async function readFindings({ folder }: StageProject): Promise<Findings> {
  const parts = await Promise.all(
    [PREPARATION, NOTICED].map(async (path) => {
      const { findings } = JSON.parse(await readFile(join(folder, path), "utf8")) as { findings: Findings };
      return findings;
    }),
  );
  return parts.flat();
}
