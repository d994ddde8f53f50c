import { stageOf } from "./run-stage.ts";

/** `trainyard ingest` */
export default stageOf("ingest", "Read the data sources, and fix the types and the order of the rows.", {
  icon: "database",
  color: "blue",
});
