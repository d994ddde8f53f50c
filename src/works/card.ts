import { relative, sep } from "node:path";
import { digestsIn, paramsIn } from "../core/experiments/of-lock.ts";
import { modelCardFile } from "../core/registry/card.ts";
import type { Report } from "../core/report/report.ts";
import { readLock } from "../pipeline/lock-file.ts";
import type { StageProject } from "./project.ts";
import { contractOf, dataOf } from "./register-facts.ts";

/** The model card of a report that stands here: nothing is measured again, and nobody has judged it yet. */
export async function localCard(project: StageProject, report: Report): Promise<string> {
  const { contract, folder, repo, root } = project;
  const lock = await readLock(project, folder);
  const commit = (await repo?.head()) ?? "0".repeat(40);
  const digest = report.subject.digest ?? digestsIn(lock, contract.model).model ?? { sha256: "", md5: "" };
  return modelCardFile({
    model: contract.model,
    version: `sha256 ${digest.sha256.slice(0, 12)}`,
    tag: commit,
    commit,
    folder:
      relative(repo?.root ?? root, folder)
        .split(sep)
        .join("/") || ".",
    digest,
    address: undefined,
    contract: contractOf(contract),
    data: dataOf(lock),
    record: undefined,
    report,
    params: paramsIn(lock),
  });
}
