import { readableYaml } from "../core/text/readable-yaml.ts";
import { inferExpectations } from "../tables/infer.ts";
import { profile } from "../tables/profile.ts";
import { loadFile } from "../tables/sources.ts";
import { required } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard expect FILE` */
export default defineStage({
  name: "expect",
  summary: "Draft the expectations that a data file meets today, for the contract's data.expect.",
  inputs: { file: required("CSV, Parquet or JSON lines file, or a glob", { positional: true }) },
  outputs: { expectations: "How many were drafted" },
  examples: ["trainyard expect data/cps.csv"],

  async run({ file }, ports) {
    const engine = await ports.engine();
    await loadFile(engine, "data", file, ports.folder);
    const draft = inferExpectations(await profile(engine, "data"));
    return {
      outputs: { expectations: String(draft.length) },
      text: readableYaml({ expect: draft }).trimEnd(),
      json: { expect: draft },
    };
  },
});
