import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { basename, resolve } from "node:path";
import { UserError } from "../../errors.ts";
import type { Handoff } from "../../ports/handoff.ts";
import { besides } from "../files/atomic.ts";
import { ofOtherRun, ofThisRun } from "./archive.ts";
import { filesToSend } from "./sent.ts";
import { unzip } from "./unzip.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Hands folders over as artifacts of the workflow run that this is part of.
 *
 * @throws {UserError} by each of its methods, where this is no step of such a run
 */
export function actionsHandoff(environment: Environment): Handoff {
  return {
    async send(name, folder, page) {
      checkSurroundings(environment);
      const root = resolve(folder);
      const files = filesToSend(root);
      const shown = page === undefined ? undefined : resolve(root, page);
      if (shown !== undefined && !files.includes(shown)) {
        throw new UserError(`there is no "${page}" in "${folder}" to hand over as a page`);
      }
      const { id, digest } = await upload(name, files, root, false);
      const own = shown === undefined ? undefined : await upload(basename(shown), [shown], root, true);
      const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = environment;
      const run = `${GITHUB_SERVER_URL ?? "https://github.com"}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
      return { url: GITHUB_RUN_ID === undefined ? undefined : `${run}/artifacts/${own?.id ?? id}`, digest };
    },

    async receive(request) {
      checkSurroundings(environment);
      const { name, folder, from, most } = request;
      checkFree(folder);
      const archive = await named(name, () =>
        from === undefined ? ofThisRun(request, environment) : ofOtherRun(request, from, environment),
      );
      if (archive === undefined) return undefined;
      const draft = besides(resolve(folder));
      mkdirSync(draft, { recursive: true });
      try {
        const content = await unzip(archive.content, draft, most).catch((error: unknown) => {
          if (!(error instanceof UserError)) throw error;
          throw new UserError(`the hand-off "${name}" is not taken: ${error.message}`, { cause: error });
        });
        checkFree(folder);
        if (existsSync(folder)) rmdirSync(folder);
        renameSync(draft, folder);
        return content;
      } finally {
        rmSync(draft, { recursive: true, force: true });
        archive.remove();
      }
    },
  };
}

/** Sends files under a name. One that was sent before makes way, also one that came in between. */
async function upload(
  name: string,
  files: readonly string[],
  root: string,
  asItIs: boolean,
): Promise<{ readonly id: number; readonly digest: string | undefined }> {
  return named(name, async () => {
    const { default: client } = await import("@actions/artifact");
    const send = async () => {
      const { artifacts } = await client.listArtifacts();
      if (artifacts.some((artifact) => artifact.name === name)) await client.deleteArtifact(name);
      const { id, digest } = await client.uploadArtifact(name, [...files], root, { skipArchive: asItIs });
      if (id === undefined) throw new Error("the service gave it no number");
      return { id, digest: digest === undefined ? undefined : `sha256:${digest}` };
    };
    try {
      return await send();
    } catch (error) {
      if (!/\b409\b|already exists/i.test((error as Error).message)) throw error;
      return await send();
    }
  });
}

function checkSurroundings(environment: Environment): void {
  if (environment.GITHUB_ACTIONS !== "true") {
    throw new UserError(
      "folders are handed over between the jobs of a workflow run on GitHub; here is none, so pass the folder itself",
    );
  }
  if (!environment.ACTIONS_RUNTIME_TOKEN || !environment.ACTIONS_RESULTS_URL) {
    throw new UserError(
      "this step cannot reach the run's artifacts; GitHub lets actions (`uses:`) do that, and no commands (`run:`)",
    );
  }
}

function checkFree(folder: string): void {
  try {
    if (readdirSync(folder).length === 0) return;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    if (code !== "ENOTDIR") throw error;
  }
  throw new UserError(`"${folder}" is there already; name a new folder to receive into`);
}

/** The errors of GitHub's client for artifacts that a person can mend. */
async function named<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError || !(error instanceof Error)) throw error;
    const first = error.message.split("\n")[0] ?? "";
    throw new UserError(`the hand-off "${name}" failed: ${first}`, { cause: error });
  }
}
