import { basename, join } from "node:path";
import { ensure } from "../artifacts/ensure.ts";
import { ignore } from "../artifacts/ignore.ts";
import type { Lock, LockedOutput, StageLock } from "../core/artifacts/lock.ts";
import { printPointer } from "../core/artifacts/print-pointer.ts";
import { UserError } from "../errors.ts";
import { type Assessment, assess, type Made } from "./assess.ts";
import type { Done, Draft, Output, Project, Work } from "./work.ts";

/**
 * Performs one work: its outputs are written to drafts, taken into the cache and put in place, in
 * this order, so that an end at any moment leaves either what was or what is new.
 *
 * @throws {UserError} where an output is missing, or an ingredient changed meanwhile
 */
export async function perform<P extends Project>(
  work: Work<P>,
  project: P,
  { ingredients, fingerprint }: Assessment,
  lock: Lock,
  made: Made,
): Promise<StageLock> {
  const { files } = project;
  for (const { kind, name } of ingredients) {
    if (kind === "data") await ensure(project, join(project.folder, name)); // known by its pointer until now
  }
  const outputs = work.outputs(project);
  const folder = await files.draft();
  try {
    const draft = draftIn(folder, work.name, outputs);
    const done = await work.perform(project, draft);
    for (const { path } of outputs) {
      if (await files.exists(draft.path(path))) continue;
      throw new UserError(`${work.name} ended without leaving "${path}"; see what it printed`);
    }
    const after = await assess(work, project, lock, made);
    if (after.fingerprint !== fingerprint) {
      throw new UserError(
        `what goes into ${work.name} changed while it ran; run again when nothing writes to it`,
      );
    }
    const out: LockedOutput[] = [];
    for (const { path } of outputs) out.push({ path, ...(await project.cache.put(draft.path(path))) });
    for (const { path } of outputs) await settle(project, draft.path(path), path);
    for (const { path, kind } of outputs) if (kind === "model") await point(project, path, out);
    return entryOf(ingredients, fingerprint, out, done);
  } finally {
    await files.remove(folder);
  }
}

/** Drafts stand side by side, numbered, under the names that their files will have. */
function draftIn(folder: string, work: string, outputs: readonly Output[]): Draft {
  return {
    path(output) {
      const index = outputs.findIndex(({ path }) => path === output);
      if (index < 0) throw new Error(`${work} does not declare the output ${output}`);
      return join(folder, `${index}-${output.split("/").at(-1)}`);
    },
  };
}

async function settle(project: Project, draft: string, output: string): Promise<void> {
  const path = join(project.folder, output);
  await project.files.replace(draft, path);
  if (output.startsWith(".trainyard/")) await ignoreOwn(project);
  else await ignore(project, path);
}

/** A model is data to DVC, too: `dvc pull models/wages` brings it. */
async function point(
  { files, folder }: Project,
  output: string,
  out: readonly LockedOutput[],
): Promise<void> {
  const content = out.find(({ path }) => path === output);
  if (content === undefined) return;
  const pointer = join(folder, `${output}.dvc`);
  const before = await files.read(pointer);
  const options = { executable: false, ...(before === undefined ? {} : { before }) };
  const text = printPointer(basename(output), content, options);
  if (text !== before) await files.write(pointer, text);
}

/** The contract's own folder of work: Git ignores it by what lies in it, so that nothing need name it. */
export async function ignoreOwn({ files, folder }: Pick<Project, "files" | "folder">): Promise<void> {
  const file = join(folder, ".trainyard", ".gitignore");
  if (!(await files.exists(file))) await files.write(file, "*\n");
}

function entryOf(
  ingredients: StageLock["in"],
  fingerprint: StageLock["fingerprint"],
  out: readonly LockedOutput[],
  { facts, verdict }: Done,
): StageLock {
  return { fingerprint, in: ingredients, out, facts, ...(verdict === undefined ? {} : { verdict }) };
}
