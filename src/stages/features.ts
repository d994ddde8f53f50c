import { stageOf } from "./run-stage.ts";

/** `trainyard features` */
export default stageOf("features", "Fit the features on the training rows and apply them to all.", {
  icon: "sliders",
  color: "blue",
});
