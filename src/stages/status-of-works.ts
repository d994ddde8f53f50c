import { plan } from "../pipeline/plan.ts";
import type { WorkStatus } from "../pipeline/work.ts";
import type { Ports } from "../ports/ports.ts";
import { openProjects, type ProjectOptions } from "../works/project.ts";
import { WORKS } from "../works/works.ts";
import type { Result } from "./stage.ts";

const SIGNS: Readonly<Record<WorkStatus["state"], string>> = {
  stands: "stands  ",
  restores: "restores",
  runs: "runs    ",
  depends: "depends ",
  blocked: "blocked ",
};

/** What would run of every contract that is spoken of. */
export async function statusOf(options: ProjectOptions, ports: Ports): Promise<Result<"changed">> {
  const projects = await openProjects(ports, options);
  const contracts = [];
  for (const project of projects) {
    contracts.push({
      contract: project.name,
      model: project.contract.model,
      stages: await plan(WORKS, project),
    });
  }
  const changed = contracts.some(({ stages }) => stages.some(({ state }) => state !== "stands"));
  const text = contracts.map(({ contract, model, stages }) =>
    [`${model} (${contract})`, ...stages.flatMap((status) => lines(status))].join("\n"),
  );
  return { outputs: { changed: String(changed) }, text: text.join("\n\n"), json: { changed, contracts } };
}

function lines({ work, state, why }: WorkStatus): string[] {
  const [first = "", ...more] = why;
  const head = `  ${SIGNS[state]}  ${work.padEnd(9)} ${first}`.trimEnd();
  return [head, ...more.slice(0, 4).map((reason) => `${" ".repeat(22)}${reason}`)].concat(
    more.length > 4 ? [`${" ".repeat(22)}and ${more.length - 4} more`] : [],
  );
}
