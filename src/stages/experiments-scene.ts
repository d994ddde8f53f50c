import { join } from "node:path";
import { repositoryIn } from "../core/doctor/origin.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import { type Known, knownExperiments } from "../works/experiments/all.ts";
import { list, text } from "./inputs.ts";

/** What every command about experiments is told. */
export const experimentInputs = {
  contract: text("Contract file or its folder; else every contract in this folder or below", {
    placeholder: "path",
  }),
  token: text("Reads the ledger's records now; else the ledger as it was last fetched", {
    placeholder: "token",
  }),
};

/** Which experiments are meant, said as a condition. */
export const selectionInputs = {
  where: text('Those of which this holds, such as "params.hidden.0 > 16 and roc_auc >= 0.8"', {
    placeholder: "condition",
  }),
  branch: text("Those made on this branch", { placeholder: "name" }),
  sort: list("A column to sort by, the greatest first where it begins with -, such as -roc_auc", {
    placeholder: "column",
  }),
};

/** The experiments that a command may speak of. */
export async function openExperiments(
  ports: Ports,
  { contract, token }: { readonly contract: string | undefined; readonly token: string | undefined },
): Promise<Known> {
  if (token === undefined) return knownExperiments(ports, { contract });
  const { repo, files } = await ports.workspace(ports.folder);
  const config = repo && (await files.read(join(repo.root, ".git", "config")));
  const repository = ports.host.repository ?? repositoryIn(config ?? "");
  return knownExperiments(ports, {
    contract,
    access: { token, ...(repository === undefined ? {} : { repository }) },
  });
}

/**
 * Names from a list in which commas separate, too.
 *
 * @example namesIn(["a,b", " c "]) // => ["a", "b", "c"]
 */
export const namesIn = (given: readonly string[]): readonly string[] =>
  given
    .flatMap((one) => one.split(","))
    .map((one) => one.trim())
    .filter((one) => one !== "");

/** @throws {UserError} exit 2 where it is no count */
export function countOf(option: string, value: number | undefined): number {
  if (value !== undefined && Number.isInteger(value) && value >= 0)
    return value === 0 ? Number.POSITIVE_INFINITY : value;
  throw new UserError(`${option} is ${value}; it is a whole number, and 0 for all`, { exit: EXIT.usage });
}
