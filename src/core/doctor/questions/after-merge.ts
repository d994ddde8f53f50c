import { cronLines, type Scheduled } from "../../schedule/cron.ts";
import { callsIn } from "../calls.ts";
import type { AfterMerge, Facts, Finding } from "../facts.ts";
import { recordOf } from "../workflow.ts";

/** One workflow that the contracts ask for. */
interface Role {
  readonly called: "release" | "monitor" | "retrain";
  readonly does: string;
  readonly trigger: "push" | "schedule";
  /** Models for which it is needed. */
  models(after: AfterMerge): readonly string[];
  /** Models that have a time of their own in it. */
  scheduled(after: AfterMerge): readonly Scheduled[];
}

const ROLES: readonly Role[] = [
  {
    called: "release",
    does: "deploys what is merged",
    trigger: "push",
    models: ({ deployed }) => deployed,
    scheduled: () => [],
  },
  {
    called: "monitor",
    does: "looks at what is served",
    trigger: "schedule",
    models: ({ monitored }) => monitored.map(({ model }) => model),
    scheduled: ({ monitored }) => monitored,
  },
  {
    called: "retrain",
    does: "proposes a retrained model",
    trigger: "schedule",
    models: ({ retrainable }) => retrainable,
    scheduled: ({ retrained }) => retrained,
  },
];

/** Is there a workflow for all that the contracts ask for after the merge, and does it start when they say? */
export default function afterMerge({ tree: { after, workflows } }: Facts): readonly Finding[] {
  const calls = callsIn(workflows);
  return ROLES.flatMap((role) => {
    const { called, does, trigger } = role;
    const models = role.models(after);
    if (models.length === 0) return [];
    const own = calls.filter((call) => call.called === called);
    if (own.length === 0) {
      return [
        {
          name: `no-${called}`,
          severity: "broken",
          what: `no workflow ${does}, and the contract of ${models.join(", ")} says that one should`,
          why: `nothing calls trainyard/trainyard/.github/workflows/${called}.yml`,
          mend: "npx trainyard init  # writes what is missing, and leaves what is there",
        } satisfies Finding,
      ];
    }
    const { workflow, job } = own[0]!;
    const at = { file: workflow.file, line: job.line };
    if (trigger === "push" && !own.some((call) => call.workflow.triggers.has("push"))) {
      return [
        {
          name: "no-trigger",
          severity: "broken",
          what: `"${workflow.file}" ${does}, but does not start on push`,
          why: "nothing is deployed when a change is merged",
          mend: `add to "on:" of ${workflow.file}:\n  push:`,
          at,
        } satisfies Finding,
      ];
    }
    return stale(
      role,
      after,
      own.flatMap((call) => cronsOf(call.workflow.triggers.get("schedule"))),
      at,
    );
  });
}

/** Times that the contracts ask for and the workflow does not have. */
function stale(
  { called, does, scheduled }: Role,
  after: AfterMerge,
  crons: readonly string[],
  at: { readonly file: string; readonly line: number },
): readonly Finding[] {
  const lines = cronLines(scheduled(after), called);
  const late = [...lines].filter(([, cron]) => !crons.includes(cron));
  if (late.length === 0) return [];
  return [
    {
      name: "stale-schedule",
      severity: crons.length === 0 ? "broken" : "advice", // at another time it looks at all models
      what: `"${at.file}" ${does}, but not when the contract of ${late.map(([model]) => model).join(", ")} says`,
      why: "a schedule stands in the workflow file alone, and the contract has changed since",
      mend: `set in ${at.file}, or remove the file and run npx trainyard init:\n  schedule:\n${late.map(([model, cron]) => `    - cron: "${cron}" # ${model}`).join("\n")}`,
      at,
    },
  ];
}

function cronsOf(schedule: unknown): readonly string[] {
  return (Array.isArray(schedule) ? schedule : []).map((entry) => String(recordOf(entry).cron));
}
