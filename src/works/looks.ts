import { join } from "node:path";
import type { Contract } from "../config/contract.ts";
import { countLooks, holdoutKey, lookFile, looksFolder } from "../core/proposal/looks.ts";
import type { Report } from "../core/report/report.ts";
import { type HoldoutLooks, looksWarning } from "../core/report/sections/holdout.ts";
import { UserError } from "../errors.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { StageProject } from "./project.ts";

/** Where a laptop counts: one path a look, as in the ledger. */
const LOCAL = ".trainyard/looks.json";

/** A report that says how often its holdout was looked at, and warns where that is too often. */
export function withLooks(report: Report, holdout: HoldoutLooks): Report {
  const warning = looksWarning(holdout);
  return {
    ...report,
    holdout,
    warnings: warning === undefined ? report.warnings : [...report.warnings, warning],
  };
}

/** The looks that the ledger knows of, and this one. */
export async function ledgerLooks(
  ledger: Ledger | undefined,
  contract: Contract,
  sha256: string,
): Promise<HoldoutLooks> {
  const facts = factsOf(contract);
  const counted = "in the ledger";
  if (ledger === undefined) return { ...facts, looks: null, counted };
  try {
    const paths = await ledger.list(looksFolder(contract.model, facts.key));
    return { ...facts, looks: countLooks(paths, sha256), counted };
  } catch (error) {
    if (error instanceof UserError) return { ...facts, looks: null, counted };
    throw error;
  }
}

/**
 * The looks on this machine. What was measured anew is added to them; the ledger's count is the one that
 * counts, and this one is for those who try much before they propose.
 *
 * @param measured whether the model was just measured
 */
export async function localLooks(
  { files, folder, contract }: StageProject,
  sha256: string | undefined,
  measured: boolean,
): Promise<HoldoutLooks> {
  const facts = factsOf(contract);
  const path = join(folder, LOCAL);
  const known = pathsIn(await files.read(path));
  const own = looksFolder(contract.model, facts.key);
  if (measured && sha256 !== undefined) {
    const look = lookFile(contract.model, facts.key, sha256).path;
    if (!known.includes(look)) {
      known.push(look);
      await files.write(
        path,
        `${JSON.stringify({ schema: "trainyard/looks/1", looks: known }, undefined, 2)}\n`,
      );
    }
  }
  const looks = countLooks(
    known.filter((one) => one.startsWith(`${own}/`)),
    sha256,
  );
  return { ...facts, looks, counted: "on this machine" };
}

function factsOf(contract: Contract): Pick<HoldoutLooks, "key" | "epoch" | "budget"> {
  return {
    key: holdoutKey(contract),
    epoch: contract.split.epoch ?? null,
    budget: contract.evaluate.holdout?.looks ?? null,
  };
}

/** What the file holds; nothing where somebody has broken it. */
function pathsIn(text: string | undefined): string[] {
  try {
    const { looks } = JSON.parse(text ?? "{}") as { looks?: unknown };
    return Array.isArray(looks) ? looks.filter((path): path is string => typeof path === "string") : [];
  } catch {
    return [];
  }
}
