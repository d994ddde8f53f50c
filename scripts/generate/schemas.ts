import { contractJsonSchema, type JsonSchema, jsonSchemaOf } from "../../src/config/json-schema.ts";
import { waivers } from "../../src/config/waivers.ts";
import { report } from "../../src/core/report/report.ts";
import { type Generated, MADE_BY } from "./generated.ts";

/** What editors complete and check `trainyard.yaml` with. */
export const contractSchema: Generated = {
  path: "schema/trainyard.schema.json",
  make: () => json("src/config/contract.ts", contractJsonSchema()),
};

/** What `trainyard report --json` promises to those who read it. */
export const reportSchema: Generated = {
  path: "schema/report.schema.json",
  make: () =>
    json("src/core/report/report.ts", jsonSchemaOf(report, { io: "output", target: "draft-2020-12" })),
};

/** What editors complete and check `waivers.yaml` with. */
export const waiversSchema: Generated = {
  path: "schema/waivers.schema.json",
  make: () => json("src/config/waivers.ts", jsonSchemaOf(waivers, { io: "input", target: "draft-7" })),
};

const json = (from: string, schema: JsonSchema) =>
  `${JSON.stringify({ $comment: `${MADE_BY}; from ${from}`, ...schema }, null, 2)}\n`;
