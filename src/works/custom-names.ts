import type { Contract } from "../config/contract.ts";
import type { CustomName } from "../core/gates/condition.ts";

/** The metrics that a contract defines, as its conditions name them. */
export const customNames = ({ evaluate }: Pick<Contract, "evaluate">): readonly CustomName[] =>
  Object.entries(evaluate.custom ?? {}).map(([name, { better }]) => ({ name, better }));
