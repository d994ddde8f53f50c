import { dirname, join, resolve } from "node:path";
import { add } from "../artifacts/add.ts";
import { pointedVersion } from "../artifacts/version.ts";
import { monitoredEnvironment } from "../core/deployments/environments.ts";
import { STATUS_CONTEXT } from "../core/proposal/publish.ts";
import { markdownText, terminalText } from "../core/report/escape.ts";
import { counted } from "../core/report/numbers.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Forge, ForgeAccess } from "../ports/forge.ts";
import type { Ports } from "../ports/ports.ts";
import { contractPaths } from "../works/contract-paths.ts";
import { openContract } from "../works/project.ts";
import { type Proposed, propose } from "../works/retrain/propose.ts";
import { refresh } from "../works/retrain/refresh.ts";
import { takeRefreshed } from "../works/retrain/take.ts";
import { ourIssues } from "../works/triage/issues.ts";
import { contractInputs } from "./contract-inputs.ts";
import { flag, text } from "./inputs.ts";
import { defineStage, type Result } from "./stage.ts";

type Output = "pull" | "head" | "base" | "train";

/** `trainyard retrain` */
export default defineStage({
  name: "retrain",
  summary: "Bring a model's newest rows: as new versions here or, in a workflow, as one pull request.",
  inputs: {
    contract: contractInputs.contract,
    refreshed: text("The folder that the refresh handed over; else the command is run here", {
      placeholder: "folder",
    }),
    base: text("The default branch's commit that lies here", { placeholder: "commit" }),
    asked: text("Who asked, in words", { default: "asked for by hand" }),
    person: flag("A person asked, so that what somebody closed is proposed again"),
    token: text("Reads issues, and writes where there is no App", { placeholder: "token" }),
    appId: text("The team's own GitHub App, in whose name is written instead", { placeholder: "id" }),
    appPrivateKey: text("Its private key", { placeholder: "key" }),
  },
  outputs: {
    pull: "The pull request's number; empty where none was opened",
    head: "Its commit",
    base: "The commit that it was made upon",
    train: "true where the pull request starts no workflows by itself and waits for a verdict, else false",
  },
  action: {
    icon: "git-pull-request",
    color: "purple",
    permissions: [
      "contents: write # the branch with the new pointers",
      "issues: read # the open issue, which the pull request closes",
      "pull-requests: write # the pull request",
      "statuses: read # whether it was judged already",
    ],
  },
  examples: ["trainyard retrain"],

  async run(inputs, ports): Promise<Result<Output>> {
    const paths = await contractPaths(ports, inputs.contract);
    const [path] = paths;
    if (path === undefined || paths.length > 1) {
      throw new UserError("there are several contracts; name one with --contract", { exit: EXIT.usage });
    }
    if (inputs.refreshed === undefined) return await here(ports, path);
    const { base, token, asked = "", person } = inputs;
    if (base === undefined || !/^[0-9a-f]{40}$/.test(base)) {
      throw new UserError(`base is "${base ?? ""}"; it takes a whole commit id`, { exit: EXIT.usage });
    }
    const taken = await takeRefreshed(ports, path, resolve(ports.folder, inputs.refreshed));
    const { contract } = await openContract(ports, path, []);
    const issue = await openIssue(
      await ports.forge({ token }),
      contract.model,
      monitoredEnvironment(contract),
    );
    const forge = await ports.forge(accessOf(inputs));
    const proposed = await propose(forge, taken, { base, issue, asked, person });
    return await answer(forge, proposed, base, issue, taken.gone);
  },
});

/** On a laptop: new versions of what DVC keeps, and what to do with them. */
async function here(ports: Ports, path: string): Promise<Result<Output>> {
  const found = await refresh(ports, path);
  const workspace = await ports.workspace(dirname(path));
  const top = workspace.repo?.root ?? ports.folder;
  const lines: string[] = [];
  for (const { path: name } of found.files) {
    const version = await pointedVersion(workspace, join(top, name));
    if (version !== undefined) await add(workspace, join(workspace.root, version.path));
    lines.push(`changed ${name}${version === undefined ? "" : `, and ${version.namedBy}`}`);
  }
  const nothing = "the newest rows are those that are here";
  return {
    outputs: { pull: "", head: "", base: "", train: "false" },
    text:
      lines.length === 0
        ? nothing
        : [...lines, "next: `trainyard run`, then commit, `trainyard push`, and open a pull request"].join(
            "\n",
          ),
    json: found,
  };
}

async function openIssue(
  forge: Forge,
  model: string,
  environment: string | undefined,
): Promise<number | undefined> {
  if (environment === undefined) return undefined;
  const issues = await ourIssues(forge, model, environment);
  return issues.find(({ state }) => state === "open")?.number;
}

async function answer(
  forge: Forge,
  proposed: Proposed,
  base: string,
  issue: number | undefined,
  gone: readonly string[],
): Promise<Result<Output>> {
  const left = gone.map((name) => `${name} was taken away by the refresh, and stays in the repository`);
  if (proposed.did === "nothing") {
    const text = [`nothing is proposed: ${proposed.why}`, ...left].join("\n");
    return {
      outputs: { pull: "", head: "", base: "", train: "false" },
      text,
      markdown: markdownText(text, 1000),
      json: { did: "nothing", why: proposed.why },
    };
  }
  const { did, pull, head } = proposed;
  const { triggersWorkflows } = await forge.speaker();
  // Whatever did not pass may have been lost on its way; what a verdict speaks of is not trained again.
  const judged = (await forge.statuses.of(head)).some(
    ({ context, state }) => context === STATUS_CONTEXT && state === "success",
  );
  const train = String(!triggersWorkflows && !judged);
  const closes = issue === undefined ? "" : `, which closes #${issue}`;
  const words = { proposed: "opened", updated: "brought up to date", stands: "left as it is" }[did];
  const text = [`#${pull.number} was ${words}${closes}: ${terminalText(pull.url, 300)}`, ...left].join("\n");
  return {
    outputs: { pull: String(pull.number), head, base, train },
    text,
    markdown: `[#${pull.number}](${pull.url}) was ${words}${closes}.${left.length === 0 ? "" : ` ${markdownText(counted(left.length, "file"))} of its sources went away, and stay in the repository.`}`,
    json: { did, pull: pull.number, head, train: train === "true" },
  };
}

interface Given {
  readonly token: string | undefined;
  readonly appId: string | undefined;
  readonly appPrivateKey: string | undefined;
}

/** The App's name where there is one, else the workflow's. */
function accessOf({ token, appId, appPrivateKey }: Given): ForgeAccess {
  if ((appId === undefined) !== (appPrivateKey === undefined)) {
    const missing = appId === undefined ? "app-id" : "app-private-key";
    throw new UserError(`${missing} is missing: an App speaks with both its id and its key`, {
      exit: EXIT.usage,
    });
  }
  return appId === undefined || appPrivateKey === undefined
    ? { token }
    : { token, app: { id: appId, privateKey: appPrivateKey } };
}
