import { lstat, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { bring } from "../../artifacts/bring.ts";
import { loggedColumns, REFERENCE_FILE } from "../../core/serving/logged-columns.ts";
import { UserError } from "../../errors.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Workspace } from "../../ports/workspace.ts";
import { type GeneralBundle, openServable } from "../bundles.ts";
import type { Target } from "./source.ts";

/** A model in memory, of the very bytes that were asked for. */
export interface Loaded {
  readonly target: Target;
  readonly bundle: GeneralBundle;
  /** Columns that may be written into the prediction log. */
  readonly logged: readonly string[];
  /** Why no column may be, where that is not as it should be. */
  readonly remark: string | undefined;
  /** Where its bytes lay while it was opened: nothing that is to be read in a message. */
  readonly folder: string;
}

const LARGEST_REFERENCE = 64 * 2 ** 20;

/**
 * Brings a model's bytes by their digest from cache or remote, makes sure of them, and opens it. Nothing
 * of it is left in the working tree.
 *
 * @throws {UserError} where the bytes are not to be had, are others, or are not this model
 */
export async function load(
  ports: Ports,
  workspace: Workspace,
  model: string,
  target: Target,
): Promise<Loaded> {
  const { files, root } = workspace;
  const draft = await files.draft();
  try {
    const folder = join(draft, model);
    const brought = await bring(
      workspace,
      {
        path: relative(root, folder).split(sep).join("/"),
        ...target.digest,
        executable: false,
        pushed: true,
        namedBy: "what is deployed",
      },
      { remote: () => workspace.remote() },
    );
    if (brought.outcome === "missing") throw new UserError(brought.reason);
    const bundle = await openServable(ports, folder);
    try {
      const called = bundle.bundle.model;
      if (called !== model) throw new UserError(`the bytes are of the model "${called}", not of "${model}"`);
      const logged = loggedColumns(await referenceIn(folder), bundle.recipe.inputs);
      const remark = logged === undefined ? UNREADABLE : undefined;
      return { target, bundle, logged: logged ?? [], remark, folder };
    } catch (error) {
      await bundle.close();
      throw error;
    }
  } finally {
    await files.remove(draft);
  }
}

const UNREADABLE = `its ${REFERENCE_FILE} cannot be read, so that its log holds scores and no columns`;

async function referenceIn(folder: string): Promise<string | undefined> {
  const path = join(folder, REFERENCE_FILE);
  const there = await lstat(path).catch(() => undefined);
  if (there?.isFile() !== true) return undefined;
  return there.size > LARGEST_REFERENCE ? "" : readFile(path, "utf8");
}
