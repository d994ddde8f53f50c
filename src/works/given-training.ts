import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Digest } from "../core/artifacts/digest.ts";
import { unsafePath } from "../core/artifacts/path.ts";
import { type Handover, handover, type Trained, trained } from "../core/proposal/documents.ts";
import { UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import { CONTRACT } from "./contract-paths.ts";
import { CLASSES } from "./hand-over-blind.ts";
import { openProject, type StageProject } from "./project.ts";
import { modelFolder, TRAINING, train } from "./train.ts";

/** Where a trained model lies in the folder of a hand-over's models, by its place in `trained.json`. */
export const modelAt = (folder: string, index: number): string => join(folder, "models", String(index));
/** What a training said of itself, beside the model. */
export const trainingAt = (folder: string, index: number): string =>
  join(folder, "training", `${index}.json`);

/**
 * Trains all that a hand-over asks for, with what it holds and nothing else, and writes the models as
 * data. A model that cannot be trained is told of, and the others are trained.
 *
 * @param from absolute path of the hand-over
 * @param out absolute path of the folder to write
 */
export async function trainHandedOver(ports: Ports, from: string, out: string): Promise<Trained> {
  const { commit, models } = await readHandover(from);
  const done: Trained["models"] = [];
  const failed: Trained["failed"] = [];
  for (const { model, folder, fingerprint, todo } of models) {
    if (todo !== "train") continue;
    try {
      const digest = await trainOne(ports, from, folder, out, done.length);
      done.push({ model, folder, fingerprint, digest });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      ports.progress.say(`${model} (${folder}): ${error.message}`);
      failed.push({ model, folder, message: error.message.slice(0, 2000) });
      await rm(modelAt(out, done.length), { recursive: true, force: true });
    }
  }
  const all = trained.parse({ schema: "trainyard/trained/1", commit, models: done, failed });
  await mkdir(out, { recursive: true });
  await writeFile(join(out, "trained.json"), `${JSON.stringify(all, undefined, 2)}\n`);
  return all;
}

async function readHandover(from: string): Promise<Handover> {
  const file = join(from, "handover.json");
  if (!existsSync(file))
    throw new UserError(`"${from}" holds no handover.json; it is made by \`trainyard hand-over\``);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new UserError(`"${file}" is not JSON`, { cause });
  }
  const parsed = handover.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(
      `"${file}" is no hand-over: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "wrong"}`,
    );
  }
  for (const { folder } of parsed.data.models) {
    const unsafe = folder === "." ? undefined : unsafePath(folder);
    if (unsafe !== undefined) throw new UserError(`"${file}" names the folder "${folder}", which ${unsafe}`);
  }
  return parsed.data;
}

const classes = z.strictObject({ classes: z.array(z.string()).max(100_000) });

function readClasses(text: string): z.output<typeof classes> {
  try {
    return classes.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError(`the hand-over is not whole: ${CLASSES} holds no classes`, { cause });
  }
}

/** Trains one model in the code's folder, with the rows that were handed over in the place of its own. */
async function trainOne(
  ports: Ports,
  from: string,
  folder: string,
  out: string,
  index: number,
): Promise<Digest> {
  const place = join(from, "code", folder);
  const own = join(place, ".trainyard");
  const rows = join(from, "work", folder, ".trainyard");
  for (const needed of [join(place, CONTRACT), rows]) {
    if (!existsSync(needed)) throw new UserError(`the hand-over is not whole: "${needed}" is not there`);
  }
  await rm(own, { recursive: true, force: true });
  await cp(rows, own, { recursive: true });
  const handed = readClasses(await readFile(join(place, CLASSES), "utf8"));
  const opened = await openProject({ ...ports, folder: join(from, "code") }, join(place, CONTRACT), {});
  const project: StageProject = { ...opened, classes: handed.classes };
  const paths = new Map([
    [modelFolder(project.contract), modelAt(out, index)],
    [TRAINING, trainingAt(out, index)],
  ]);
  await mkdir(modelAt(out, index), { recursive: true });
  await mkdir(join(out, "training"), { recursive: true });
  const { facts } = await train.perform(project, {
    path: (output) => paths.get(output) ?? join(out, output),
  });
  const file = trainingAt(out, index);
  const record = JSON.parse(await readFile(file, "utf8")) as { readonly digest: Digest };
  await writeFile(file, `${JSON.stringify({ ...record, facts }, undefined, 2)}\n`);
  return { md5: record.digest.md5, sha256: record.digest.sha256 };
}
