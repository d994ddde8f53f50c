import { join, resolve } from "node:path";
import { repositoryIn } from "../core/doctor/origin.ts";
import { parseSpan } from "../core/serving/span.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import type { Workspace } from "../ports/workspace.ts";
import { type ServedFor, serve } from "../works/serve/serve.ts";
import { checkoutSource, forgeSource, type Source } from "../works/serve/source.ts";
import { choice, list, number, required, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard serve --environment production` */
export default defineStage({
  name: "serve",
  summary:
    "Answer predictions with the newest approved deployment's bytes, by TensorFlow Serving's protocol.",
  inputs: {
    model: list("Only these models; else all of the environment", { placeholder: "name" }),
    environment: required("Which environment this server is of", { placeholder: "name" }),
    from: choice(
      "What is followed: the deployments on GitHub, or deployments/ in this checkout",
      ["github", "checkout"],
      "github",
    ),
    repository: text("owner/name on GitHub; else the one that origin names", { placeholder: "name" }),
    token: text("To ask GitHub with; else TRAINYARD_TOKEN, GITHUB_TOKEN or GH_TOKEN", {
      placeholder: "token",
    }),
    host: text("Address to listen on", { default: "127.0.0.1", placeholder: "address" }),
    port: number("Port to listen on; 0 for any", { default: 8080 }),
    log: text("Folder that predictions are written into, for `monitor`", { placeholder: "folder" }),
    every: text("How often it is looked what is to be served", { default: "30s", placeholder: "time" }),
  },
  outputs: { predictions: "How many rows were predicted for" },
  examples: [
    "trainyard serve --environment production --log predictions",
    "trainyard serve --environment staging --model wages --from checkout --every 2s",
  ],

  async run({ model, environment, from, repository, token, host = "", port = 8080, log, every = "" }, ports) {
    if (!ENVIRONMENT.test(environment)) {
      throw new UserError(`--environment is "${environment}"; it takes lower-case letters, digits and -`, {
        exit: EXIT.usage,
      });
    }
    const strange = model.find((name) => !MODEL.test(name));
    if (strange !== undefined) {
      throw new UserError(`--model is "${strange}", which is not a model's name`, { exit: EXIT.usage });
    }
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new UserError(`--port is ${port}; it takes 0 to 65535`, { exit: EXIT.usage });
    }
    const workspace = await ports.workspace(ports.folder);
    const source =
      from === "checkout"
        ? checkoutSource(
            { root: workspace.repo?.root ?? workspace.root, files: workspace.files },
            environment,
          )
        : await onForge(ports, workspace, environment, repository, token);
    const done = await serve(ports, {
      workspace,
      source,
      environment,
      models: model,
      host,
      port,
      log: log === undefined ? undefined : resolve(ports.folder, log),
      every: parseSpan(every, "--every"),
    });
    return { outputs: { predictions: String(done.predictions) }, text: textOf(done), json: done };
  },
});

const ENVIRONMENT = /^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/;
const MODEL = /^[A-Za-z0-9]([A-Za-z0-9_-]{0,98}[A-Za-z0-9])?$/;

async function onForge(
  ports: Ports,
  { files, repo }: Workspace,
  environment: string,
  named: string | undefined,
  token: string | undefined,
): Promise<Source> {
  const config = repo === undefined ? undefined : await files.read(join(repo.root, ".git", "config"));
  const repository = named ?? ports.host.repository ?? repositoryIn(config ?? "");
  if (repository === undefined) {
    throw new UserError("origin is no repository on GitHub; name it with --repository owner/name", {
      exit: EXIT.usage,
    });
  }
  const access = { repository, ...(token === undefined ? {} : { token }) };
  return forgeSource(() => ports.forge(access), repository, environment);
}

function textOf({ requests, predictions, cut, log }: ServedFor): string {
  return [
    `answered ${requests} requests, predicted for ${predictions} rows`,
    ...(cut > 0 ? [`cut off ${cut} connections that took too long`] : []),
    ...(log === undefined ? [] : [`wrote ${log.written} rows of the prediction log, dropped ${log.dropped}`]),
  ].join("\n");
}
