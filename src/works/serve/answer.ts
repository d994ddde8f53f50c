import { predictAnswer } from "../../core/serving/answers.ts";
import { logLines } from "../../core/serving/log-line.ts";
import { metadataAnswer } from "../../core/serving/metadata.ts";
import { parsePredict } from "../../core/serving/predict-body.ts";
import { predictionId } from "../../core/serving/prediction-id.ts";
import { errorBody, Refusal } from "../../core/serving/refusal.ts";
import { type Route, routeOf, type Which } from "../../core/serving/route.ts";
import {
  type ModelState,
  readiness,
  statusAnswer,
  versionName,
  type Wanted,
} from "../../core/serving/state.ts";
import { UserError } from "../../errors.ts";
import type { Request, Response } from "../../ports/server.ts";
import type { Loaded } from "./load.ts";
import type { PredictionLog } from "./log.ts";
import type { Meter } from "./meter.ts";
import type { ServedModel } from "./served-model.ts";

/** What requests are answered with. */
export interface Served {
  readonly models: ReadonlyMap<string, ServedModel>;
  readonly log: PredictionLog | undefined;
  readonly meter: Meter;
  readonly now: () => Date;
  /** A new name for a request. */
  readonly fresh: () => string;
  readonly draining: () => boolean;
}

const TEXT = "text/plain; version=0.0.4; charset=utf-8";

/** Answers a request as TensorFlow Serving does, whatever it is; only a bug of ours is thrown. */
export async function answer(served: Served, request: Request): Promise<Response> {
  const start = performance.now();
  const route = routeOf(request.method, request.target);
  const model = "model" in route ? served.models.get(route.model) : undefined;
  let rows = 0;
  let response: Response;
  try {
    if (route.kind === "predict") {
      const predicted = await predict(served, modelOf(model, route), route.which, request, start);
      ({ rows, response } = predicted);
    } else response = await inform(served, model, route, request);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) {
      served.meter.answered(model?.name ?? "", 500, (performance.now() - start) / 1000, 0);
      throw error;
    }
    response = { status: refusal.status, body: errorBody(refusal.message) };
  }
  served.meter.answered(model?.name ?? "", response.status, (performance.now() - start) / 1000, rows);
  return response;
}

async function inform(
  { models, meter, log, draining }: Served,
  model: ServedModel | undefined,
  route: Exclude<Route, { kind: "predict" }>,
  { method, target }: Request,
): Promise<Response> {
  const states = (): ModelState[] => [...models.values()].map((one) => one.state());
  switch (route.kind) {
    case "health":
      return { status: 200, type: "text/plain", body: "ok\n" };
    case "ready":
      return readiness(states(), draining());
    case "metrics":
      return { status: 200, type: TEXT, body: meter.text(states(), log?.counts()) };
    case "status": {
      const state = modelOf(model, route).state();
      if (!fits(route.which, state.environment, state.serving)) throw noVersions(route.model);
      return { status: 200, body: statusAnswer(state) };
    }
    case "metadata": {
      const one = modelOf(model, route);
      return one.use(async ({ bundle }, serving) => {
        if (!fits(route.which, one.state().environment, serving)) throw notFound(one.name, route.which);
        const version = versionName(serving);
        return { status: 200, body: metadataAnswer(bundle.bundle, bundle.recipe, bundle.outputs, version) };
      });
    }
    case "unsupported":
      modelOf(model, route);
      throw new Refusal(
        "UNIMPLEMENTED",
        `:${route.verb} takes tf.Example, which is not served here; ask :predict`,
      );
    case "malformed":
      throw new Refusal("INVALID_ARGUMENT", `Malformed request: ${method} ${cut(target)}`);
  }
}

async function predict(
  { log, now, fresh }: Served,
  model: ServedModel,
  which: Which,
  request: Request,
  start: number,
): Promise<{ readonly rows: number; readonly response: Response }> {
  const id = predictionId([request.header("inference-id"), request.header("ce-id")], fresh);
  const headers = { "x-prediction-id": id };
  try {
    return await model.use(async (loaded, serving) => {
      const { environment } = model.state();
      if (!fits(which, environment, serving)) throw notFound(model.name, which);
      const { bundle, outputs, recipe } = loaded.bundle;
      const { format, table } = parsePredict(textOf(request.body), recipe.inputs);
      const scores = await scored(loaded, table);
      const answers = { rows: table.rows, outputs, scores };
      const ms = performance.now() - start;
      const at = now().toISOString();
      const after = (): void => {
        const answered = { ...serving, id, at, environment, bundle, table, answers, ms };
        log?.add(model.name, at.slice(0, 10), logLines(answered, loaded.logged));
      };
      return {
        rows: table.rows,
        response: { status: 200, headers, body: predictAnswer(format, answers), after },
      };
    });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return { rows: 0, response: { status: refusal.status, headers, body: errorBody(refusal.message) } };
  }
}

/** What a model's runtime refuses, it refuses because of the rows; where its files lay is nobody's business. */
async function scored(
  { bundle, folder }: Loaded,
  table: Parameters<typeof bundle.score>[0],
): Promise<Float64Array> {
  try {
    return await bundle.score(table);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new Refusal("INVALID_ARGUMENT", error.message.replaceAll(folder, bundle.bundle.model));
  }
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new Refusal("INVALID_ARGUMENT", "JSON Parse error: Invalid encoding in string.");
  }
}

function modelOf(
  model: ServedModel | undefined,
  route: { readonly kind: string; readonly model: string; readonly which?: Which },
): ServedModel {
  if (model !== undefined) return model;
  throw route.kind === "status" ? noVersions(route.model) : notFound(route.model, route.which ?? {});
}

const fits = ({ version, label }: Which, environment: string, serving: Wanted | undefined): boolean =>
  (label === undefined || label === environment) &&
  (version === undefined || (serving !== undefined && version === versionName(serving)));

const notFound = (model: string, { version, label }: Which): Refusal => {
  const which = version ?? label;
  return new Refusal(
    "NOT_FOUND",
    `Servable not found for request: ${which === undefined ? `Latest(${cut(model)})` : `Specific(${cut(model)}, ${cut(which)})`}`,
  );
};

const noVersions = (model: string): Refusal =>
  new Refusal("NOT_FOUND", `Could not find any versions of model ${cut(model)}`);

const cut = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text);

function refusalOf(error: unknown): Refusal | undefined {
  return error instanceof Refusal ? error : undefined;
}
