import { layersModel } from "../../core/models/layers-model.ts";
import { random } from "../../core/stats/random.ts";
import { adam } from "../../core/training/adam.ts";
import { classShares, idleLoss } from "../../core/training/base-rate.ts";
import { checkRequest } from "../../core/training/checks.ts";
import { earlyStopping } from "../../core/training/early-stopping.ts";
import { initialWeights, networkOf } from "../../core/training/network.ts";
import { foldUnit, PLAIN, unitOf } from "../../core/training/target.ts";
import { UserError } from "../../errors.ts";
import type { Task } from "../../ports/progress.ts";
import type { Epoch, Trained, TrainRequest } from "../../ports/trainer.ts";
import { openBackend } from "../models/tensorflow/backend.ts";
import { breathing } from "./breath.ts";
import { denseOn } from "./dense.ts";
import { meanLoss, trainEpoch } from "./epoch.ts";
import { lessonOf } from "./lesson.ts";
import { lossOf } from "./loss.ts";
import { startAtBaseRate } from "./starting-bias.ts";

/** How far above the loss of a constant answer a trained model may end before it counts as diverged. */
const DIVERGED = { factor: 10, more: 1 };

/**
 * Trains a built-in model: seeded initial weights, a seeded shuffle each epoch, batches, Adam.
 *
 * The same request gives the same bytes, on any machine: one thread, sums in one order.
 *
 * @throws {UserError} where nothing can be learnt, training diverges, or it is stopped
 */
export async function trainBuiltin(request: TrainRequest, progress: Task): Promise<Trained> {
  checkRequest(request);
  const { task, classes, train, validation, params, seed, signal } = request;
  const { core, runtime } = await openBackend(request.backend);

  const network = networkOf(task, classes, train.width, request.with === "mlp" ? params.hidden : []);
  const output = network.layers[network.layers.length - 1];
  if (output === undefined) throw new Error("a network has an output layer");
  const unit = task === "regression" ? unitOf(train.labels) : PLAIN;
  const lesson = lessonOf(train, request, unit);
  const exam =
    validation === undefined || validation.rows === 0 ? undefined : lessonOf(validation, request, unit);

  let weights = initialWeights(network, random(seed, "weights"));
  const shares = task === "regression" ? undefined : classShares(train.labels, lesson.weights, classes);
  if (shares !== undefined) startAtBaseRate(core, output, weights, shares);

  const dense = denseOn(core, network, lossOf(output.activation));
  const optimise = adam(network.size, params.learning_rate);
  const order = random(seed, "order");
  const stopping =
    params.early_stopping === false ? undefined : earlyStopping(params.early_stopping.patience);
  const breathe = breathing(signal);
  const square = unit.scale * unit.scale;
  const history: Epoch[] = [];
  let kept = params.epochs;
  let last = Number.NaN;
  for (let epoch = 1; epoch <= params.epochs; epoch++) {
    last = await trainEpoch({ dense, network, lesson, weights, optimise, order, params }, async (share) => {
      if (await breathe()) progress.update(epoch - 1 + share, params.epochs, note(history));
    });
    const examined = exam === undefined ? null : await meanLoss(dense, exam, weights, breathe);
    if (!Number.isFinite(last) || !Number.isFinite(examined ?? 0))
      throw diverged(`the loss became infinite in epoch ${epoch} of ${params.epochs}`, params.learning_rate);
    history.push({
      epoch,
      loss: last * square,
      validation_loss: examined === null ? null : examined * square,
    });
    progress.update(epoch, params.epochs, note(history));
    if (stopping !== undefined && !stopping.watch(epoch, examined ?? last, weights)) break;
  }
  const best = stopping?.best();
  if (best !== undefined) {
    weights = best.weights;
    kept = best.epoch;
    last = (history[best.epoch - 1]?.loss ?? Number.NaN) / square;
  }
  const limit = DIVERGED.factor * idleLoss(shares) + DIVERGED.more;
  if (!(last <= limit) || !weights.every(Number.isFinite))
    throw diverged(
      `the loss was ${text(last)} after epoch ${kept}, far above the ${text(idleLoss(shares))} of a constant answer`,
      params.learning_rate,
    );
  foldUnit(output, weights, unit);
  if (!weights.every(Number.isFinite))
    throw new UserError(
      "the target's numbers are too large for float32; train on their logarithm or in a larger unit",
    );
  return { files: layersModel(network, weights), history, runtime, stopped: history.length, kept };
}

function note(history: readonly Epoch[]): string {
  const epoch = history[history.length - 1];
  if (epoch === undefined) return "";
  const validation = epoch.validation_loss === null ? "" : `, validation ${text(epoch.validation_loss)}`;
  return `loss ${text(epoch.loss)}${validation}`;
}

const text = (value: number): string => String(Number(value.toPrecision(4)));

function diverged(what: string, rate: number): UserError {
  return new UserError(
    `training diverged: ${what}; try a train.params.learning_rate below ${rate}, and scale the features`,
  );
}
