import { readFileSync } from "node:fs";
import type { Facts, ForgeFacts, Tree } from "../../../src/core/doctor/facts.ts";
import { readWorkflow, type Workflow } from "../../../src/core/doctor/workflow.ts";

export const PROPOSE = ".github/workflows/trainyard.yml";
export const JUDGE = ".github/workflows/trainyard-judge.yml";

/** The workflow files of the starter, with one thing changed in them; a change that changes nothing is a mistake. */
export function starter(file?: string, from?: string, to?: string): Workflow[] {
  return [PROPOSE, JUDGE].map((path) => {
    const text = readFileSync(path.replace(".github", "templates"), "utf8");
    if (path !== file || from === undefined) return readWorkflow(text, path);
    if (!text.includes(from)) throw new Error(`${path} does not hold ${JSON.stringify(from)}`);
    return readWorkflow(text.replaceAll(from, to ?? ""), path);
  });
}

/** A working tree in which there is nothing to mend. */
export const TREE: Tree = {
  inGit: true,
  contracts: ["trainyard.yaml"],
  after: { deployed: [], monitored: [], retrainable: [], retrained: [] },
  workflows: starter(),
  owners: {
    path: "CODEOWNERS",
    text: "/trainyard.* @acme/ml\n/waivers.yaml @acme/risk\n/.dvc/config @acme/ml\n/.github/ @acme/ml\n",
  },
  remote: { kind: "service", scheme: "s3", at: { file: ".dvc/config", line: 4 } },
  pointers: [],
};

/** A forge that enforces all that can be. */
export const FORGE: ForgeFacts = {
  repository: "acme/wages",
  private: true,
  ownerType: "Organization",
  plan: "enterprise",
  defaultBranch: "main",
  onDefault: [PROPOSE, JUDGE],
  rules: {
    required: [{ context: "trainyard", app: 7 }],
    codeOwners: true,
    approvals: 1,
    mergeQueue: true,
    protected: true,
  },
  ledger: { protected: true },
  tagsProtected: true,
  disabled: new Map(),
  defaultPermissions: "read",
  appId: "7",
  environment: { exists: true, restricted: true },
};

export const SOUND: Facts = { tree: TREE, forge: FORGE };
