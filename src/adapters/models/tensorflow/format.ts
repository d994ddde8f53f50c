import * as z from "zod";
import { UserError } from "../../../errors.ts";

/* `model.json` of TensorFlow.js, as far as it is looked at before TensorFlow.js sees it. */

const BYTES = { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1, bool: 1 } as const;

const weight = z.object({
  name: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  dtype: z.enum(["float32", "int32", "bool"], "weights are float32, int32 or bool"),
  quantization: z
    .object({
      dtype: z.enum(["uint8", "uint16", "float16"]),
      scale: z.number().optional(),
      min: z.number().optional(),
    })
    .optional(),
});

const file = z.object({
  format: z.enum(["layers-model", "graph-model"]).optional(),
  generatedBy: z.string().nullish(),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(z.object({ paths: z.array(z.string()), weights: z.array(weight) })),
  signature: z.record(z.string(), z.unknown()).nullish(),
});

export type ModelFile = z.output<typeof file>;
export type WeightSpec = z.output<typeof weight>;

/**
 * Reads a `model.json`.
 *
 * @param path for the message
 * @throws {UserError} where it is not JSON or not a model's
 */
export function parseModelFile(text: string, path: string): ModelFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${path} is not JSON, or was cut off; right is a model saved by TensorFlow.js`, {
      cause,
    });
  }
  const parsed = file.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(
    `${path} is not a model of TensorFlow.js: ${issue?.path.join(".") || "top level"}: ${issue?.message ?? "wrong"}`,
  );
}

/** Whether the topology is a graph of TensorFlow operations; else it is one of layers. */
export function isGraph({ format, modelTopology }: ModelFile): boolean {
  return format === undefined ? Array.isArray(modelTopology.node) : format === "graph-model";
}

/** How many numbers a weight holds. */
export function elementsOf({ shape }: WeightSpec): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** How many bytes a weight takes in its file. */
export function bytesOf(spec: WeightSpec): number {
  return elementsOf(spec) * BYTES[spec.quantization?.dtype ?? spec.dtype];
}

/**
 * The weight files' names, each a file beside `model.json`.
 *
 * @throws {UserError} on a URL, an absolute path, one that leaves the folder or is hidden, or a file that is named twice
 */
export function weightPaths({ weightsManifest }: ModelFile, path: string): string[] {
  const named = new Set<string>();
  return weightsManifest.flatMap(({ paths }) =>
    paths.map((name) => {
      const parts = name.split(/[\\/]/);
      if (
        name === "" ||
        /^[a-z][a-z0-9+.-]*:/i.test(name) ||
        /^[\\/]/.test(name) ||
        parts.some((part) => /^\..+/.test(part)) || // `..`, and what is hidden: it belongs to somebody else
        name.includes("\0")
      )
        throw new UserError(`${path} names the weights "${name}"; right is a file in the model's own folder`);
      const plain = parts.filter((part) => part !== "" && part !== ".").join("/");
      if (named.has(plain)) throw new UserError(`${path} names the weights "${name}" twice; right is once`);
      named.add(plain);
      return name;
    }),
  );
}
