import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import { StepError } from "../tables/step-error.ts";
import type { StageProject } from "./project.ts";

/**
 * Gives a work an engine of its own, on the disk of the repository, so that large files are linked
 * and not copied, and closes it, so that the next work finds its memory free.
 *
 * @throws {UserError} with the place of the contract's value that the data do not fit
 */
export async function withEngine<T>(
  { files, ports, parsed }: StageProject,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const folder = await files.draft();
  const engine = await ports.engine(folder);
  try {
    return await work(engine);
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    const { path, offset, message } = error;
    const at = offset === undefined ? parsed.place(path) : parsed.placeWithin(path, offset);
    throw new UserError(message, { at, cause: error });
  } finally {
    await engine.close();
    await files.remove(folder);
  }
}
