import { stageOf } from "./run-stage.ts";

/** `trainyard train` */
export default stageOf("train", "Train the model on the training rows.", {
  icon: "cpu",
  color: "purple",
});
