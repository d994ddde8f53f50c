import { join } from "node:path";
import { beginningNote } from "../../core/doctor/beginning.ts";
import { readWorkflow } from "../../core/doctor/workflow.ts";
import type { Files } from "../../ports/files.ts";

/**
 * What a pull request's summary says of its setup, by the tree of its base branch.
 *
 * @param base absolute path of a folder that holds the base branch's tree
 * @returns undefined where verdicts are given already
 */
export async function beginningOf(files: Files, base: string): Promise<string | undefined> {
  const paths = await files.find(base, [".github/workflows/*.yml", ".github/workflows/*.yaml"]);
  return beginningNote(
    await Promise.all(
      paths.map(async (path) => readWorkflow((await files.read(join(base, path))) ?? "", path)),
    ),
  );
}
