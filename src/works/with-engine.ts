import type { Engine } from "../ports/engine.ts";
import type { StageProject } from "./project.ts";

/**
 * Gives a work an engine of its own, on the disk of the repository, so that large files are linked
 * and not copied, and closes it, so that the next work finds its memory free.
 */
export async function withEngine<T>(
  { files, ports }: StageProject,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const folder = await files.draft();
  const engine = await ports.engine(folder);
  try {
    return await work(engine);
  } finally {
    await engine.close();
    await files.remove(folder);
  }
}
