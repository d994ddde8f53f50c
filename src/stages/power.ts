import { showPower } from "../core/gates/show-power.ts";
import { EXIT } from "../errors.ts";
import { powerOfProject } from "../works/power.ts";
import { openProjects } from "../works/project.ts";
import { contractInputs } from "./contract-inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard power` */
export default defineStage({
  name: "power",
  summary:
    "Say before training what the rows at hand can decide: how wide intervals will be, and which gates are left to luck.",
  inputs: { contract: contractInputs.contract, set: contractInputs.set },
  outputs: { undecidable: "Gates that leave more than half of equally good models undecided" },
  examples: ["trainyard power", "trainyard power --json"],

  async run(options, ports) {
    const projects = await openProjects(ports, options);
    const found = [];
    for (const project of projects) found.push({ project, power: await powerOfProject(project) });
    const undecidable = found.flatMap(({ power }) =>
      "gates" in power
        ? power.gates.filter(({ prospects }) => prospects.some(({ undecided }) => (undecided ?? 0) > 0.5))
        : [],
    );
    const stopped = found.some(({ power }) => "stoppedBy" in power);
    return {
      ...(stopped ? { exit: EXIT.failed } : {}),
      outputs: { undecidable: String(undecidable.length) },
      text: found
        .map(({ project: { contract, name }, power }) =>
          "gates" in power
            ? showPower(contract.model, power.rows, power.gates)
            : `${contract.model}: ${power.stoppedBy} failed; see \`trainyard ${power.stoppedBy} --contract ${name}\``,
        )
        .join("\n\n"),
      json: {
        schema: "trainyard/power/1",
        contracts: found.map(({ project: { contract, name }, power }) => ({
          contract: name,
          model: contract.model,
          stopped_by: "stoppedBy" in power ? power.stoppedBy : null,
          rows: "rows" in power ? power.rows : null,
          gates: "gates" in power ? power.gates : [],
        })),
      },
    };
  },
});
