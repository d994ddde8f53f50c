import { list, text } from "./inputs.ts";

/** What every stage that works on contracts is told. */
export const contractInputs = {
  contract: text("Contract file or its folder; else every contract in this folder or below", {
    placeholder: "path",
  }),
  set: list("A value of the contract for this run, such as train.params.epochs=5", {
    placeholder: "key=value",
  }),
  base: text("Revision to compare with; else where the branch left the default branch", {
    placeholder: "revision",
  }),
};
