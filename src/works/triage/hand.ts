import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseReference } from "../../core/drift/reference.ts";
import { type ApprovedFile, parseApproved, parseMeasured } from "../../core/triage/handed.ts";
import type { Measurement } from "../../core/triage/measurement.ts";
import { UserError } from "../../errors.ts";
import type { Files } from "../../ports/files.ts";
import type { Approved } from "./look.ts";

/** Writes what serves, and what it was trained on, for the job that sees the log. @param out absolute */
export async function writeApproved(out: string, all: ReadonlyMap<string, Approved>): Promise<void> {
  await mkdir(out, { recursive: true });
  const models: ApprovedFile["models"] = [];
  for (const [model, { environment, served, source, reference }] of all) {
    models.push({ model, environment, served, source, reference: reference !== undefined });
    if (reference !== undefined)
      await writeFile(join(out, `${model}.json`), `${JSON.stringify(reference)}\n`);
  }
  await writeFile(join(out, "approved.json"), json({ schema: "trainyard/approved/1", models }));
}

/** Reads it again, by model. */
export async function readApproved(files: Files, folder: string): Promise<ReadonlyMap<string, Approved>> {
  const { models } = parseApproved(await files.read(join(folder, "approved.json")));
  const found = new Map<string, Approved>();
  for (const { model, reference, ...rest } of models) {
    const text = reference ? await files.read(join(folder, `${model}.json`)) : undefined;
    if (reference && text === undefined)
      throw new UserError(`the reference of "${model}" was not handed over`);
    found.set(model, {
      ...rest,
      reference: text === undefined ? undefined : parseReference(text, `${model}.json`),
    });
  }
  return found;
}

/** Writes what was measured for the job that speaks of it. @param out absolute */
export async function writeMeasured(out: string, measurements: readonly Measurement[]): Promise<void> {
  await mkdir(out, { recursive: true });
  const known = measurements.map(({ columns, ...rest }) => ({
    ...rest,
    columns: columns.map(({ name, kind, psi, js, threshold, moved, words = "", bins }) => ({
      ...{ name, kind, psi, js, threshold, moved, words, bins },
    })),
  }));
  await writeFile(join(out, "measured.json"), json({ schema: "trainyard/measured/1", measurements: known }));
}

/** Reads it again, by model. */
export async function readMeasured(files: Files, folder: string): Promise<ReadonlyMap<string, Measurement>> {
  const all = parseMeasured(await files.read(join(folder, "measured.json")));
  return new Map(all.map((measurement) => [measurement.model, measurement]));
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
