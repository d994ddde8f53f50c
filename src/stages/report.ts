import { stageOf } from "./run-stage.ts";

/** `trainyard report` */
export default stageOf("report", "Write the report as Markdown, as a page and as JSON.", {
  icon: "file-text",
  color: "green",
});
