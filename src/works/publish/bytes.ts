import { join } from "node:path";
import { send } from "../../artifacts/transfer.ts";
import { type Content, md5, sha256 } from "../../core/artifacts/digest.ts";
import type { JudgedModel, Judgement } from "../../core/proposal/documents.ts";
import { UserError } from "../../errors.ts";
import type { Scene } from "./scene.ts";

/**
 * Sends the judged bytes to the base branch's remote, so that they are found by digest before anything
 * names them. What is there is not sent again.
 *
 * @throws {UserError} where bytes are missing or are not those that were judged, or the remote refuses
 */
export async function publishBytes(scene: Scene, { models }: Judgement): Promise<void> {
  for (const [index, model] of models.entries()) {
    if (model.state === "judged" && model.digest !== null) await publishModel(scene, model, index);
  }
}

async function publishModel(scene: Scene, model: JudgedModel, index: number): Promise<void> {
  const { workspace } = scene;
  const name = md5(model.digest?.md5 ?? "");
  const long = sha256(model.digest?.sha256 ?? "");
  if (name === undefined || long === undefined) throw new UserError(`${model.model} has no digest`);
  const remote = await workspace.remote();
  const found = await bytesOf(scene, model, index);
  if (found === undefined) {
    if (await remote.has(name)) return; // an earlier run of ours sent them
    throw new UserError(
      `the judged bytes of "${model.model}" were not handed over, and ${remote.url} has no ${name}`,
    );
  }
  const { path, content } = found;
  if (content.md5 !== name || content.sha256 !== long) {
    throw new UserError(
      `the bytes of "${model.model}" have sha256 ${content.sha256}, and ${long} was judged; they are not published`,
    );
  }
  if (await remote.has(name)) return;
  const kept = await workspace.cache.put(path);
  if (kept.sha256 !== long) throw new UserError(`the bytes of "${model.model}" changed while they were read`);
  await send(name, workspace.cache, remote);
}

/** A model's bytes in the hand-over: by its place in the list, as two may have one name. */
async function bytesOf(
  { workspace: { files }, judgement }: Scene,
  { model }: JudgedModel,
  index: number,
): Promise<{ readonly path: string; readonly content: Content } | undefined> {
  const path = join(judgement, "models", String(index));
  if (!(await files.exists(path))) return undefined;
  if (!(await files.liesBelow(path, judgement))) {
    throw new UserError(`the bytes of "${model}" lie outside of what was handed over`);
  }
  const content = await files.content(path);
  return content === undefined ? undefined : { path, content };
}
