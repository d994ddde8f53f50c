import { readdir } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { md5, sha256 } from "../../core/artifacts/digest.ts";
import type { Workspace } from "../../ports/workspace.ts";
import type { Target } from "./source.ts";

/*
 * What was served last, so that a server that starts while nobody can be asked serves it again. It is
 * written after the bytes were opened, and the bytes stay in the cache.
 */

const file = z.object({
  schema: z.literal("trainyard/served/1"),
  sha256: z.string(),
  md5: z.string(),
  version: z.string().nullable(),
  deployment: z.number().int().nullable(),
});

const pathOf = (root: string, environment: string, model: string): string =>
  join(root, ".trainyard", "served", environment, `${model}.json`);

/** What this checkout's servers served last; undefined where there is nothing that can be read. */
export async function remembered(
  { root, files }: Workspace,
  environment: string,
  model: string,
): Promise<Target | undefined> {
  try {
    const text = await files.read(pathOf(root, environment, model));
    const { version, deployment, ...found } = file.parse(JSON.parse(text ?? ""));
    const [long, short] = [sha256(found.sha256), md5(found.md5)];
    if (long === undefined || short === undefined) return undefined;
    return {
      digest: { sha256: long, md5: short },
      version: version ?? undefined,
      deployment: deployment ?? undefined,
    };
  } catch {
    return undefined;
  }
}

/** The models that this checkout's servers served last, sorted. */
export async function rememberedModels(
  { root, files }: Workspace,
  environment: string,
): Promise<readonly string[]> {
  const folder = join(root, ".trainyard", "served", environment);
  if (!(await files.exists(folder))) return [];
  return (await readdir(folder)).flatMap((name) => /^(.+)\.json$/.exec(name)?.[1] ?? []).sort();
}

/** Remembers what is served now. */
export async function remember(
  { root, files }: Workspace,
  environment: string,
  model: string,
  { digest, version, deployment }: Target,
): Promise<void> {
  const text = JSON.stringify({
    schema: "trainyard/served/1",
    ...digest,
    version: version ?? null,
    deployment: deployment ?? null,
  });
  await files.write(pathOf(root, environment, model), `${text}\n`);
}
