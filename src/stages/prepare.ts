import { stageOf } from "./run-stage.ts";

/** `trainyard prepare` */
export default stageOf("prepare", "Decide which rows there are and which of them are held back.", {
  icon: "scissors",
  color: "blue",
});
