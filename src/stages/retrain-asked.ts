import { MAY_ASK } from "../core/proposal/command.ts";
import { plain } from "../core/report/escape.ts";
import { type Asked, whoAsks } from "../core/retrain/asked.ts";
import type { Scheduled } from "../core/schedule/cron.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Forge } from "../ports/forge.ts";
import type { Ports } from "../ports/ports.ts";
import { contractPaths } from "../works/contract-paths.ts";
import { openContract } from "../works/project.ts";
import { fromTop } from "../works/retrain/sources.ts";
import { required } from "./inputs.ts";
import { defineStage, type Result } from "./stage.ts";

type Output = "todo" | "reason" | "model" | "contract" | "asked" | "person";

/** `$/actions/retrain-asked`: who asks for a retrained model, whether they may, and of which. */
export default defineStage({
  name: "retrain-asked",
  summary: "Find out who asks for a retrained model, whether they may, and which one it is.",
  inputs: { token: required("Reads who may write, and answers", { placeholder: "token" }) },
  outputs: {
    todo: "retrain or nothing",
    reason: "Why, in one sentence",
    model: "The model",
    contract: "Its contract, from the repository's top",
    asked: "Who asked, in words",
    person: "true where a person did, else false",
  },
  action: {
    icon: "help-circle",
    color: "gray-dark",
    permissions: [
      "contents: read # who may write here, and the contracts",
      "issues: write # the answer to a comment",
    ],
  },
  command: false,

  async run({ token }, ports): Promise<Result<Output>> {
    const models = await retrainable(ports);
    const asked = whoAsks(ports.host.event, models.flatMap(scheduleOf));
    const forge = await ports.forge({ token });
    const answer = await decide(forge, asked, models);
    if (asked.by === "comment" && asked.comment !== undefined && (await mayAsk(forge, asked.login))) {
      await forge.comments.react(asked.comment, answer.outputs.todo === "retrain" ? "rocket" : "confused");
    }
    return answer;
  },
});

interface Retrainable {
  readonly model: string;
  readonly contract: string;
  readonly refresh: string | undefined;
  readonly every: "weekly" | "monthly" | "never";
}

async function retrainable(ports: Ports): Promise<readonly Retrainable[]> {
  const found: Retrainable[] = [];
  for (const path of await contractPaths(ports, undefined)) {
    const { contract } = await openContract(ports, path, []);
    const { refresh, every } = contract.retrain;
    found.push({ model: contract.model, contract: fromTop(ports.folder, path), refresh, every });
  }
  return found;
}

const scheduleOf = ({ model, every, refresh }: Retrainable): readonly Scheduled[] =>
  every === "never" || refresh === undefined ? [] : [{ model, every }];

async function mayAsk(forge: Forge, login: string): Promise<boolean> {
  // by the API: labels are put on by people who may only triage, and comments are everybody's
  return MAY_ASK.has(await forge.permission(login));
}

async function decide(forge: Forge, asked: Asked, models: readonly Retrainable[]): Promise<Result<Output>> {
  switch (asked.by) {
    case "nobody":
      return nothing(asked.why);
    case "schedule":
      return found(models, asked.models[0], "on schedule", false, asked.models.slice(1));
    case "dispatch":
      return found(models, asked.model ?? only(models), "by hand", true);
    default: {
      if (!(await mayAsk(forge, asked.login))) {
        return nothing(`"${plain(asked.login, 60)}" may not write to this repository`);
      }
      const { login } = await forge.speaker();
      const model = asked.named ?? (asked.author === login ? asked.marked : undefined);
      if (model === undefined) {
        return nothing(
          `#${asked.issue} is no issue of ours about a model; \`/trainyard retrain MODEL\` names one`,
        );
      }
      const how = asked.by === "label" ? "by a label on" : "by a comment on";
      return found(models, model, `${how} #${asked.issue}`, true);
    }
  }
}

function only(models: readonly Retrainable[]): string {
  const [one, ...others] = models.filter(({ refresh }) => refresh !== undefined);
  if (one !== undefined && others.length === 0) return one.model;
  const names = models.map(({ model }) => model).join(", ");
  throw new UserError(`model is missing: there are ${names}`, { exit: EXIT.usage });
}

function found(
  models: readonly Retrainable[],
  name: string | undefined,
  asked: string,
  person: boolean,
  others: readonly string[] = [],
): Result<Output> {
  const one = models.find(({ model }) => model === name);
  if (one === undefined) {
    const names = models.map(({ model }) => model).join(", ");
    return nothing(`no contract is of a model "${plain(name ?? "", 100)}"; there are ${names}`);
  }
  if (one.refresh === undefined) {
    return nothing(
      `"${one.model}" has no command that brings the newest rows; say "retrain: { refresh: … }" in its contract`,
    );
  }
  const reason = `${one.model} is retrained, asked for ${asked}`;
  const outputs = {
    todo: "retrain",
    reason,
    model: one.model,
    contract: one.contract,
    asked: `asked for ${asked}`,
    person: String(person),
  };
  const late = `the workflow's schedule is not that of the contracts: ${others.join(", ")} ${others.length === 1 ? "waits" : "wait"}; remove the workflow file and run \`trainyard init\``;
  return { outputs, text: others.length === 0 ? reason : `${reason}\n${late}`, json: outputs };
}

function nothing(reason: string): Result<Output> {
  const outputs = { todo: "nothing", reason, model: "", contract: "", asked: "", person: "false" };
  return { outputs, text: reason, json: outputs };
}
