import { join } from "node:path";
import { unsafePath } from "../../core/artifacts/path.ts";
import { type Judgement, judgement } from "../../core/proposal/documents.ts";
import { filesOf } from "../../core/proposal/publish.ts";
import { UserError } from "../../errors.ts";
import type { Scene } from "./scene.ts";

/**
 * The judgement as *score* handed it over.
 *
 * @throws {UserError} where it is not there, is none, speaks of another commit, or names a path that is none of its own
 */
export async function readJudgement({ workspace, judgement: folder, head }: Scene): Promise<Judgement> {
  const path = join(folder, "judgement.json");
  const text = await workspace.files.read(path);
  if (text === undefined) throw new UserError("the job that scores left no judgement.json");
  const parsed = judgement.safeParse(jsonOf(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(
      `judgement.json is none of this version: ${(issue?.path ?? []).join(".")} ${issue?.message ?? ""}`,
    );
  }
  const found = parsed.data;
  if (found.commit !== head) {
    throw new UserError(`judgement.json speaks of ${found.commit}, and the commit to judge is ${head}`);
  }
  for (const model of found.models) {
    if (model.folder !== "." && unsafePath(model.folder) !== undefined) {
      throw new UserError(
        `judgement.json names the folder "${model.folder}", which is none of the repository`,
      );
    }
    filesOf(model);
  }
  return found;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
