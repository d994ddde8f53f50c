import * as z from "zod";
import { TASKS } from "../core/measures/task.ts";
import { artifacts } from "./schema/artifacts.ts";
import { card } from "./schema/card.ts";
import { data } from "./schema/data.ts";
import { deploy } from "./schema/deploy.ts";
import { evaluate } from "./schema/evaluate.ts";
import type { expectation } from "./schema/expectation.ts";
import { type featureStep, features } from "./schema/features.ts";
import { monitor, retrain } from "./schema/monitor.ts";
import { plan } from "./schema/plan.ts";
import { prepare, split, type valueStep } from "./schema/prepare.ts";
import { train } from "./schema/train.ts";

export { FORMATS } from "./schema/data.ts";
export { COLUMN_TYPES, expectation } from "./schema/expectation.ts";
export { featureStep } from "./schema/features.ts";
export { valueStep } from "./schema/prepare.ts";

/*
 * The contract: everything that `trainyard.yaml` can say, in the order in which a reader meets it.
 *
 * This schema is the only declaration of it. The parser, the JSON Schema for editors, the reference
 * page and every error message are made from it, so each key carries its own description and example.
 */

export const task = z.enum(TASKS).meta({
  description:
    "What the model predicts: one of two classes, one of many, any of several labels, a number, an order of a query's rows, or a number of a time to come",
  examples: ["binary-classification"],
});

export const contract = z
  .strictObject({
    model: z
      .string()
      .regex(/^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?$/, "a model's name is letters, digits, - and _")
      .meta({ description: "The model's name", examples: ["wages"] }),
    task,
    owner: z
      .string()
      .optional()
      .meta({ description: "Who answers for it; else CODEOWNERS", examples: ["@acme/ml-team"] }),
    plan: plan.prefault({}),
    card: card.optional(),
    artifacts: artifacts.optional(),
    data,
    prepare: prepare.prefault({}),
    split: split.prefault({}),
    features,
    train,
    evaluate: evaluate.prefault({}),
    deploy: deploy.default({}),
    monitor: monitor.optional(),
    retrain: retrain.prefault({}),
  })
  .meta({ title: "Trainyard contract", description: "The contract of one model" });

export type Contract = z.output<typeof contract>;
export type Expectation = z.output<typeof expectation>;
export type ValueStep = z.output<typeof valueStep>;
export type FeatureStep = z.output<typeof featureStep>;
export type Source = Contract["data"]["sources"][string];
export type Gate = Contract["evaluate"]["gates"][number];
