import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import * as z from "zod";

/*
 * What a training said of itself, beside the model: how the loss fell, what it noticed. Whoever trained
 * may have written anything; what is taken are numbers, and the one warning that a built-in trainer gives.
 */

const finite = z.number();
const said = z.object({
  history: z
    .array(z.strictObject({ epoch: finite, loss: finite, validation_loss: finite.nullable() }))
    .max(100_000),
  warnings: z
    .array(
      z.strictObject({
        title: z.string().regex(/^Cross-validation over \d{1,3} folds$/),
        text: z.string().max(2000),
      }),
    )
    .max(1),
  facts: z
    .strictObject({
      epochs: finite.optional(),
      kept: finite.optional(),
      loss: finite.nullable().optional(),
      validation_loss: finite.nullable().optional(),
      threshold: finite.nullable().optional(),
    })
    .default({}),
});

/** As far as it is believed; see `TrainingRecord`. */
export type TrainingSaid = Pick<z.output<typeof said>, "history" | "warnings"> & {
  readonly facts: Readonly<Record<string, number | null>>;
};

/** Of a training that said nothing that could be understood. */
export const SAID_NOTHING: TrainingSaid = { history: [], warnings: [], facts: {} };

const LARGEST = 16 * 2 ** 20; // 100,000 epochs

/** Reads it; nothing where it is not there, or is anything else. */
export async function readSaid(path: string): Promise<TrainingSaid> {
  if (!existsSync(path) || statSync(path).size > LARGEST) return SAID_NOTHING;
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch {
    return SAID_NOTHING;
  }
  const parsed = said.safeParse(value);
  if (!parsed.success) return SAID_NOTHING;
  const { history, warnings, facts } = parsed.data;
  const present = Object.entries(facts).filter(
    (entry): entry is [string, number | null] => entry[1] !== undefined,
  );
  return { history, warnings, facts: Object.fromEntries(present) };
}
