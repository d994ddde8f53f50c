import * as z from "zod";

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

export const train = z
  .union([builtinTrain, commandTrain])
  .meta({ description: "What makes the model: a built-in trainer (`with`) or a command (`run`)" });
