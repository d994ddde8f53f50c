import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gravest } from "../core/gates/verdict.ts";
import type { CheckRow } from "../core/report/report.ts";
import { placeText } from "../errors.ts";
import { parameterIngredients, toolIngredient } from "../pipeline/ingredients.ts";
import type { Work } from "../pipeline/work.ts";
import { runChecks } from "../tables/checks.ts";
import { type Finding, findWarnings } from "../tables/warnings.ts";
import { INGESTED } from "./ingest.ts";
import type { StageProject } from "./project.ts";
import { withEngine } from "./with-engine.ts";

export const VALIDATION = ".trainyard/validation.json";

/** What `validate` leaves for the report. */
export interface Validation {
  readonly schema: "trainyard/validation/1";
  readonly checks: readonly CheckRow[];
  readonly findings: readonly Finding[];
}

/** Holds the data against what the contract expects of them, before anything is learnt from them. */
export const validate: Work<StageProject> = {
  name: "validate",
  needs: ["ingest"],
  stops: true,

  async ingredients({ contract, ports }) {
    const dated = contract.data.expect.some(
      (expectation) => "newest" in expectation && expectation.newest !== undefined,
    );
    return [
      ...parameterIngredients(contract.data.expect, "data.expect", "says what must hold of the data"),
      ...parameterIngredients(contract.data.roles, "data.roles", "says which column is the label"),
      ...parameterIngredients(
        contract.evaluate.show_values,
        "evaluate.show_values",
        "says what reports may quote",
      ),
      ...(dated
        ? [
            {
              kind: "parameters" as const,
              name: "today",
              value: ports.now().toISOString().slice(0, 10),
              reason: "freshness is checked against today",
            },
          ]
        : []),
      toolIngredient(),
    ];
  },

  outputs: () => [{ path: VALIDATION, kind: "work" }],

  perform: (project, draft) =>
    withEngine(project, async (engine) => {
      const { contract, parsed, ports } = project;
      await engine.load("ingested", { paths: [join(project.folder, INGESTED)], format: "parquet" });
      const checks = await runChecks(engine, "ingested", contract.data.expect, {
        showValues: contract.evaluate.show_values,
        now: ports.now(),
        place: (index) => parsed.place(["data", "expect", index]).line,
        within: (index, offset) => placeText(parsed.placeWithin(["data", "expect", index, "sql"], offset)),
      });
      const findings = await findWarnings(engine, "ingested", contract);
      const validation: Validation = { schema: "trainyard/validation/1", checks, findings };
      await writeFile(draft.path(VALIDATION), `${JSON.stringify(validation, undefined, 2)}\n`);
      const count = (verdict: string): number => checks.filter((check) => check.verdict === verdict).length;
      return {
        verdict: gravest(checks.map((check) => check.verdict)),
        facts: {
          checks: checks.length,
          fail: count("fail"),
          warn: count("warn"),
          inconclusive: count("inconclusive"),
        },
      };
    }),
};

/** What `validate` found; undefined where it has not run here. */
export async function readValidation({ files, folder }: StageProject): Promise<Validation | undefined> {
  const text = await files.read(join(folder, VALIDATION));
  return text === undefined ? undefined : (JSON.parse(text) as Validation);
}
