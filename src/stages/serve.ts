import { resolve } from "node:path";
import { parseSpan } from "../core/serving/span.ts";
import { EXIT, UserError } from "../errors.ts";
import { type ServedFor, serve } from "../works/serve/serve.ts";
import { followInputs, sources } from "./follow.ts";
import { list, number, required, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard serve --environment production` */
export default defineStage({
  name: "serve",
  summary:
    "Answer predictions with the newest approved deployment's bytes, by TensorFlow Serving's protocol.",
  inputs: {
    model: list("Only these models; else all of the environment", { placeholder: "name" }),
    environment: required("Which environment this server is of", { placeholder: "name" }),
    ...followInputs,
    host: text("Address to listen on", { default: "127.0.0.1", placeholder: "address" }),
    port: number("Port to listen on; 0 for any", { default: 8080 }),
    log: text("Folder that predictions are written into, for `monitor`", { placeholder: "folder" }),
    every: text("How often it is looked what is to be served", { default: "30s", placeholder: "time" }),
  },
  outputs: { predictions: "How many rows were predicted for" },
  examples: [
    "trainyard serve --environment production --log predictions",
    "trainyard serve --environment production --by 'acme-trainyard[bot]'",
    "trainyard serve --environment staging --model wages --from checkout --every 2s",
  ],

  async run(inputs, ports) {
    const { model, environment, host = "", port = 8080, log, every = "" } = inputs;
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
    const source = (await sources(ports, workspace, inputs))(environment);
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

function textOf({ requests, predictions, cut, log }: ServedFor): string {
  return [
    `answered ${requests} requests, predicted for ${predictions} rows`,
    ...(cut > 0 ? [`cut off ${cut} connections that took too long`] : []),
    ...(log === undefined ? [] : [`wrote ${log.written} rows of the prediction log, dropped ${log.dropped}`]),
  ].join("\n");
}
