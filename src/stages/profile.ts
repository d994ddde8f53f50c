import { profileText } from "../core/tables/profile-text.ts";
import { profile } from "../tables/profile.ts";
import { loadFile } from "../tables/sources.ts";
import { required } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard profile FILE` */
export default defineStage({
  name: "profile",
  summary: "Describe the columns of a data file: types, missing values, ranges, the most frequent values.",
  inputs: { file: required("CSV, Parquet or JSON lines file, or a glob", { positional: true }) },
  outputs: { rows: "How many rows there are" },
  examples: ["trainyard profile data/cps.csv", "trainyard profile 'data/*.parquet' --json"],

  async run({ file }, ports) {
    const engine = await ports.engine();
    await loadFile(engine, "data", file, ports.folder);
    const described = await profile(engine, "data");
    return { outputs: { rows: String(described.rows) }, text: profileText(described), json: described };
  },
});
