import { UserError } from "../errors.ts";
import type { Workspace } from "../ports/workspace.ts";
import { type Choice, chosenVersions } from "./chosen.ts";
import { intoCache, throwWrong } from "./fetch.ts";
import { refuseRevisions } from "./keep-versions.ts";
import { knowing } from "./places.ts";
import { type Pushed, push } from "./push.ts";

/** What `remote export` did, or would do; what its `--json` prints. */
export interface Exported extends Omit<Pushed, "remote"> {
  readonly from: string;
  readonly to: string;
}

/** What of the chosen versions another remote has not yet. */
export interface ExportPreview {
  readonly from: string;
  readonly to: string;
  readonly would_export: readonly string[];
  /** How many versions it has. */
  readonly there: number;
}

/**
 * Mirrors versions from the remote in force to another one, by way of the cache. What is there is neither
 * fetched nor sent; after an interruption the next one goes on.
 *
 * @param name of a remote in `.dvc/config`, which DVC reads, too
 */
export async function exportTo(
  workspace: Workspace,
  name: string,
  choice: Omit<Choice, "remote">,
): Promise<Exported> {
  const { from, to, absent } = await compared(workspace, name, choice);
  const { failed } = await intoCache(workspace, absent, choice, "fetching");
  throwWrong(failed);
  const { remote: _, ...pushed } = await push(workspace, { ...choice, remote: name, packed: false });
  return { ...pushed, from, to };
}

/** The same, but nothing is fetched or sent. */
export async function previewExport(
  workspace: Workspace,
  name: string,
  choice: Omit<Choice, "remote">,
): Promise<ExportPreview> {
  const { from, to, absent, there } = await compared(workspace, name, choice);
  return { from, to, would_export: [...new Set(absent.map(({ path }) => path))], there };
}

async function compared(workspace: Workspace, name: string, choice: Omit<Choice, "remote">) {
  const named = await workspace.remote(name, choice.jobs);
  const target = (await named.toSend?.(false)) ?? named; // what is packed there is not seen by DVC
  refuseRevisions(target, choice, "mirror with --workspace what the working tree names");
  const { url: from } = await workspace.remote();
  const { url: to } = target;
  const same = new UserError(`"${name}" is ${to}, where the versions are already`);
  if (from === to && named.toSend === undefined) throw same;
  // A version with a remote to itself is in one that DVC reads.
  const versions = (await chosenVersions(workspace, choice)).filter(
    ({ pushed, remote }) => pushed && (remote === undefined || remote === name),
  );
  try {
    const present = await knowing(target, versions).present([...new Set(versions.map((one) => one.name))]);
    const absent = versions.filter((one) => !present.has(one.name));
    if (from === to && absent.length === 0) throw same; // else they are packed, and may come to lie loose
    return { from, to, absent, there: versions.length - absent.length };
  } finally {
    await target.close();
  }
}
