import { stageOf } from "./run-stage.ts";

/** `trainyard validate` */
export default stageOf(
  "validate",
  "Hold the data against what the contract expects of them, before anything is learnt.",
  {
    icon: "check-square",
    color: "blue",
  },
);
