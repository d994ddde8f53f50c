import { mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  LIVE_GLOBS,
  type Live,
  type LiveFiles,
  parseLive,
  printLive,
} from "../../core/experiments/dvclive.ts";
import type { Experiment, Unnamed } from "../../core/experiments/record.ts";
import { UserError } from "../../errors.ts";
import type { Files } from "../../ports/files.ts";
import type { Ports } from "../../ports/ports.ts";
import type { StageProject } from "../project.ts";

/** Where DVCLive writes, unless it is told otherwise. */
const FOLDER = "dvclive";
/** A longer file is none of DVCLive's that a person looks at. */
const LARGEST = 16 * 2 ** 20;
const MOST_FILES = 200;

/** The texts of a folder of DVCLive's; links out of it are not followed. */
export async function liveFiles(files: Files, folder: string): Promise<LiveFiles> {
  const texts = new Map<string, string>();
  for (const path of (await files.find(folder, LIVE_GLOBS)).slice(0, MOST_FILES)) {
    const whole = join(folder, path);
    if (!(await files.liesBelow(whole, folder)) || (await stat(whole)).size > LARGEST) continue;
    const text = await files.read(whole);
    if (text !== undefined) texts.set(path, text);
  }
  return texts;
}

/** Looks whether a command writes to DVCLive's folder: called before it, it says afterwards what it left. */
export async function watchLive({
  files,
  folder,
  ports,
}: StageProject): Promise<() => Promise<Live | undefined>> {
  const place = join(folder, FOLDER);
  const before = await stampOf(place);
  return async () => {
    const after = await stampOf(place);
    if (after === undefined || after === before) return undefined;
    try {
      return parseLive(await liveFiles(files, place));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      ports.progress.say(`  what DVCLive left is not taken: ${error.message}`);
      return undefined;
    }
  };
}

/** Writes an experiment as DVCLive would have left it. @throws {UserError} where the folder is there */
export async function exportDvclive(ports: Ports, one: Experiment, out: string): Promise<void> {
  const { files } = await ports.workspace(ports.folder);
  if (await files.exists(out)) throw new UserError(`"${out}" is there already; name another folder`);
  const draft = await files.draft();
  try {
    const inner = join(draft, "dvclive");
    for (const [path, text] of printLive(one)) await files.write(join(inner, path), text);
    await mkdir(dirname(out), { recursive: true });
    await files.replace(inner, out);
  } finally {
    await files.remove(draft);
  }
}

/** An experiment of what DVCLive left in a folder. @throws {UserError} where there is nothing of it */
export async function importDvclive(
  ports: Ports,
  folder: string,
  into: { readonly model: string; readonly below: string },
): Promise<Unnamed> {
  const { files } = await ports.workspace(ports.folder);
  const texts = await liveFiles(files, folder);
  if (texts.size === 0) throw new UserError(`there is nothing of DVCLive's in "${folder}"`);
  const { metrics, params, curves } = parseLive(texts);
  const time = (
    await stat(join(folder, texts.has("metrics.json") ? "metrics.json" : ([...texts.keys()][0] ?? "")))
  ).mtime;
  return {
    model: into.model,
    folder: into.below,
    source: "dvclive",
    status: "finished",
    message: null,
    verdict: null,
    started_at: time.toISOString(),
    duration: null,
    user: ports.host.user ?? null,
    commit: null,
    branch: null,
    dirty: null,
    set: [],
    params: { ...params },
    metrics: Object.entries(metrics).map(([name, value]) => ({
      name,
      value,
      reason: null,
      interval: null,
      baseline: null,
    })),
    gates: [],
    digests: { model: null, fingerprint: null, data: [], code: null, environment: [] },
    environment: { tool: "dvclive", node: null, platform: null, backend: null },
    seeds: {},
    stages: [],
    curves,
    pull: null,
    url: null,
    tags: {},
  };
}

/** When its files were written last; undefined where there are none. */
async function stampOf(folder: string): Promise<string | undefined> {
  const times = await Promise.all(
    ["metrics.json", "params.yaml"].map(async (name) => {
      try {
        return (await stat(join(folder, name))).mtimeMs;
      } catch {
        return undefined;
      }
    }),
  );
  return times.every((time) => time === undefined) ? undefined : times.join(" ");
}
