import * as z from "zod";
import { endpointOf, TOKEN_NAME } from "../../core/models/endpoint/address.ts";

/** `params.yaml#train`: a file beside the contract, and a dotted key in it. */
export const REFERENCE = /^([^#\s][^#]*)#([^#\s]+)$/;

/** The parser puts the file's values in its place, so none is left when the schema looks. */
const reference = z
  .string()
  .regex(REFERENCE, "parameters are a map, or a file and a key such as params.yaml#train")
  .transform((_, context): never => {
    context.addIssue("the file of the parameters was not read");
    return z.NEVER;
  })
  .meta({ description: "A file beside the contract and a key in it", examples: ["params.yaml#train"] });

const seed = z
  .number()
  .int()
  .nonnegative()
  .max(0xffff_ffff)
  .default(7)
  .meta({ description: "Where all chance of the training begins", examples: [7] });

const when = z
  .enum(["ready", "label", "command", "push"])
  .default("ready")
  .meta({
    description: "When a pull request is trained: ready for review, on a label, on a command, at every push",
    examples: ["ready"],
  });

/** What the numbers of a model of classes are, where a runtime must be told. */
const scores = z
  .enum(["probabilities", "logits"])
  .optional() // without a default: contracts that do not say it keep their fingerprint
  .meta({
    description: "What the model gives; of logits a sigmoid or softmax makes probabilities",
    examples: ["logits"],
  });

const builtinParams = z.strictObject({
  hidden: z
    .array(z.number().int().min(1).max(4096))
    .max(16)
    .default([32, 16])
    .meta({ description: "mlp: units of each hidden layer", examples: [[32, 16]] }),
  epochs: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(40)
    .meta({ description: "How often the training rows are seen", examples: [40] }),
  batch_size: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(64)
    .meta({ description: "Rows of one step", examples: [64] }),
  learning_rate: z
    .number()
    .positive()
    .max(10)
    .default(0.003)
    .meta({ description: "Length of one step", examples: [0.003] }),
  l2: z
    .number()
    .nonnegative()
    .default(0)
    .meta({ description: "Penalty on the squared weights", examples: [0.0001] }),
  early_stopping: z
    .union([
      z.literal(false),
      z.strictObject({
        patience: z
          .number()
          .int()
          .min(1)
          .default(5)
          .meta({ description: "Epochs without a fall of the validation loss", examples: [5] }),
      }),
    ])
    .default(false)
    .meta({
      description: "Stop when the validation loss has not fallen for so many epochs; false trains all epochs",
      examples: [{ patience: 5 }, false],
    }),
  class_weight: z
    .enum(["none", "balanced"])
    .default("none")
    .meta({ description: "balanced: rare classes count more", examples: ["balanced"] }),
});

const builtinTrain = z.strictObject({
  with: z.enum(["logistic", "linear", "mlp"]).meta({
    description: "A built-in trainer: logistic (classes), linear (numbers), mlp (both)",
    examples: ["mlp"],
  }),
  params: z
    .union([builtinParams, reference])
    .prefault({})
    .meta({
      description: "The trainer's parameters: a map, or a file and a key in it",
      examples: [{ epochs: 40 }, "params.yaml#train"],
    }),
  backend: z
    .enum(["wasm", "tfjs-node"])
    .default("wasm")
    .meta({ description: "What computes; tfjs-node must be installed beside Trainyard", examples: ["wasm"] }),
  cross_validate: z
    .number()
    .int()
    .min(2)
    .max(50)
    .optional()
    .meta({ description: "Train so many models on parts of the training rows as well", examples: [5] }),
  seed,
  when,
});

const commandTrain = z
  .strictObject({
    run: z
      .string()
      .min(1, "a command is not empty")
      .meta({ description: "The command that trains", examples: ["uv run python train.py"] }),
    code: z
      .array(z.string().min(1))
      .optional()
      .meta({
        description:
          "Globs of the code, a change of which means: train again; else all tracked files but docs",
        examples: [["src/**", "train.py"]],
      }),
    env: z
      .string()
      .optional()
      .meta({ description: "The file that fixes the environment", examples: ["uv.lock"] }),
    out: z
      .string()
      .min(1)
      .default("model.onnx")
      .meta({ description: "What the command leaves", examples: ["model.onnx"] }),
    scores,
    params: z
      .union([z.record(z.string(), z.unknown()), reference])
      .default({})
      .meta({
        description: "Handed to the command: a map, or a file and a key in it",
        examples: [{ epochs: 40 }, "params.yaml#train"],
      }),
    seed,
    when,
  })
  .transform((train): typeof train & { cross_validate?: undefined } => train);

const endpointTrain = z
  .strictObject({
    endpoint: z
      .string()
      .max(2000)
      .superRefine((address, context) => {
        try {
          endpointOf(address);
        } catch (error) {
          context.addIssue(error instanceof Error ? error.message : String(error));
        }
      })
      .meta({
        description:
          "Where a server answers for the model, by TensorFlow Serving's or KServe's protocol; nothing is trained",
        examples: ["https://models.example.com/v2/models/wages/infer"],
      }),
    token_from: z
      .string()
      .regex(TOKEN_NAME, "the name ends in ENDPOINT_TOKEN, so that no other service's secret is sent")
      .optional()
      .meta({
        description: "The environment variable that holds the server's token",
        examples: ["WAGES_ENDPOINT_TOKEN"],
      }),
    output: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({
        description: "The server's output with the scores, where it has several",
        examples: ["predict_proba"],
      }),
    takes: z
      .enum(["columns", "matrix"])
      .optional()
      .meta({
        description: "How rows are sent: columns by name, or one matrix of numbers; else as the server says",
        examples: ["matrix"],
      }),
    batch: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .meta({ description: "Rows of one request (512 if absent)", examples: [512] }),
    scores,
    seed,
    when,
  })
  .transform((train): typeof train & { cross_validate?: undefined } => train);

export const train = z.union([builtinTrain, commandTrain, endpointTrain]).meta({
  description:
    "What makes the model: a built-in trainer (`with`), a command (`run`), or a server (`endpoint`)",
});
