import { resolve } from "node:path";
import { type CloudStatus, cloudStatus } from "../artifacts/cloud.ts";
import { type LocalVersionState, localStatus } from "../artifacts/local-status.ts";
import { EXIT, UserError } from "../errors.ts";
import { hasContract } from "../works/contract-paths.ts";
import { contractInputs } from "./contract-inputs.ts";
import { flag } from "./inputs.ts";
import { defineStage, type Result } from "./stage.ts";
import { choiceOf, transferInputs } from "./transfer-inputs.ts";

/** `trainyard status` */
export default defineStage({
  name: "status",
  summary: "Say which data differ from their versions, and what would run and why, without running it.",
  inputs: {
    ...transferInputs,
    ...contractInputs,
    cloud: flag("Instead, which versions the cache or the remote lacks", { short: "c" }),
  },
  outputs: {
    changed:
      "Whether data differ or anything would run, or with --cloud is to be pushed or fetched: true or false",
  },
  examples: ["trainyard status", "trainyard status --json", "trainyard status --cloud"],

  async run({ contract, set, base, cloud, ...inputs }, ports) {
    if (cloud) {
      const workspace = await ports.workspace(ports.folder);
      return answerCloud(await cloudStatus(workspace, choiceOf(inputs, ports.folder)));
    }
    const { paths, remote, jobs, allBranches, allTags, allCommits } = inputs;
    if (remote !== undefined || jobs !== undefined || allBranches || allTags || allCommits) {
      throw new UserError("--remote, --jobs and --all-… go with --cloud", { exit: EXIT.usage });
    }
    const workspace = await ports.workspace(ports.folder);
    const data = await localStatus(
      workspace,
      paths.map((path) => resolve(ports.folder, path)),
    );
    const isOfData = paths.length > 0 || (data.length > 0 && !(await hasContract(ports, contract)));
    if (isOfData) return answer(data, undefined);
    const { statusOf } = await import("./status-of-works.ts"); // far more than data need
    return answer(data, await statusOf({ contract, set, base }, ports));
  },
});

function answer(
  data: readonly LocalVersionState[],
  stages: Result<"changed"> | undefined,
): Result<"changed"> {
  const differing = data.filter(({ state }) => state !== "in place");
  const changed = differing.length > 0 || stages?.outputs.changed === "true";
  const said = differing.map(({ state, path }) => `${`${state}:`.padEnd(13)} ${path}`);
  const all = differing.length === 0 && stages === undefined ? ["data are what their versions say"] : said;
  return {
    outputs: { changed: String(changed) },
    text: [...(all.length > 0 ? [all.join("\n")] : []), ...(stages === undefined ? [] : [stages.text])].join(
      "\n\n",
    ),
    json: { ...(stages?.json ?? { contracts: [] }), changed, data },
  };
}

/** What differs, a line each, in DVC's words. */
function answerCloud(found: CloudStatus): Result<"changed"> {
  const changed = found.versions.filter(({ state }) => state !== "in sync");
  const where = found.remotes.length === 0 ? "no remote" : found.remotes.join(", ");
  return {
    outputs: { changed: String(changed.length > 0) },
    text:
      changed.length === 0
        ? `the cache and ${where} are in sync`
        : changed.map(({ state, path }) => `${`${state}:`.padEnd(9)} ${path}`).join("\n"),
    json: found,
  };
}
