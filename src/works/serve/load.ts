import { lstat, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { bring } from "../../artifacts/bring.ts";
import { loggedColumns, parseReference } from "../../core/drift/reference.ts";
import { REFERENCE_FILE } from "../../core/models/bundle.ts";
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
  /** Why no column may be. */
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
        name: target.digest.md5,
        executable: false,
        cached: true,
        pushed: true,
        namedBy: "what is deployed",
      },
      { remote: () => workspace.remote() },
    );
    if (brought.outcome === "missing") throw new UserError(brought.reason);
    const found = (await files.content(folder))?.sha256;
    if (found !== target.digest.sha256) {
      throw new UserError(`the bytes of ${target.digest.md5} have sha256 ${found}, which nobody approved`);
    }
    const bundle = await openServable(ports, folder);
    try {
      const called = bundle.bundle.model;
      if (called !== model) throw new UserError(`the bytes are of the model "${called}", not of "${model}"`);
      return { target, bundle, ...(await loggedOf(folder)), folder };
    } catch (error) {
      await bundle.close();
      throw error;
    }
  } finally {
    await files.remove(draft);
  }
}

/**
 * The columns that may be logged: those that the model's reference compares. Without one nobody knows
 * which are sensitive, and none is.
 */
async function loggedOf(folder: string): Promise<Pick<Loaded, "logged" | "remark">> {
  const path = join(folder, REFERENCE_FILE);
  const there = await lstat(path).catch(() => undefined);
  const none = (why: string) => ({
    logged: [],
    remark: `${why}, so that its log holds scores and no columns`,
  });
  if (there?.isFile() !== true) return none(`it has no ${REFERENCE_FILE}`);
  if (there.size > LARGEST_REFERENCE) return none(`its ${REFERENCE_FILE} is ${there.size} bytes large`);
  try {
    return { logged: loggedColumns(parseReference(await readFile(path, "utf8"))), remark: undefined };
  } catch (error) {
    if (error instanceof UserError) return none(error.message);
    throw error;
  }
}
