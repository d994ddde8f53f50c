import { createHash } from "node:crypto";
import { trainBuiltin } from "../../../src/adapters/trainers/tensorflow.ts";
import type { Trained, TrainRequest } from "../../../src/ports/trainer.ts";
import { request, silent, wages } from "./wages.ts";

/** One request of each kind, so small that they are trained in no time. */
export const requests: Readonly<Record<string, TrainRequest>> = {
  mlp: request(wages.high, { with: "mlp", params: { epochs: 5, l2: 0.001, class_weight: "balanced" } }),
  classes: request(wages.occupation, {
    with: "mlp",
    task: "multiclass-classification",
    classes: 6,
    params: { epochs: 5, hidden: [9] },
  }),
  linear: request(wages.wage, { with: "linear", task: "regression", classes: 0, params: { epochs: 5 } }),
};

/** The digest of a model's files. */
export function digestOf({ files }: Trained): string {
  const hash = createHash("sha256");
  for (const [name, bytes] of files) hash.update(`${name} ${bytes.length}\n`).update(bytes);
  return hash.digest("hex");
}

/** The digests of all requests, trained now. */
export async function digests(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, asked] of Object.entries(requests))
    found[name] = digestOf(await trainBuiltin(asked, silent));
  return found;
}
