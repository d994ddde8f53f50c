import { join, resolve } from "node:path";
import { type Collected, deleteUnused, findUnused, type GcOptions } from "../artifacts/gc.ts";
import { digitsOf } from "../core/artifacts/digest.ts";
import { type GcPlan, parseGcPlan, printGcPlan } from "../core/artifacts/gc-plan.ts";
import { counted, formatCount } from "../core/report/numbers.ts";
import { formatBytes } from "../core/text/bytes.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import type { Workspace } from "../ports/workspace.ts";
import { flag, list, number, text, type Values } from "./inputs.ts";
import { defineStage, type Result } from "./stage.ts";

const DAY = 24 * 60 * 60 * 1000;
/** So many objects of a place are shown; `--json` and a plan have all. */
const SHOWN = 20;

const inputs = {
  workspace: flag("Keep what the working tree names, and nothing else", { short: "w" }),
  allBranches: flag("Keep what the branches name, here and on the servers", { short: "a" }),
  allTags: flag("Keep what the tags name", { short: "T" }),
  allCommits: flag("Keep what any commit names", { short: "A" }),
  rev: list("Keep what this commit, branch or tag names", { placeholder: "commit" }),
  num: number("So many commits back from each branch or --rev", { short: "n" }),
  date: text("Keep what commits since this day name", { placeholder: "yyyy-mm-dd" }),
  cloud: flag("Collect in the remote, too", { short: "c" }),
  remote: text("Name of the remote in .dvc/config; else its default", { short: "r", placeholder: "name" }),
  notInRemote: flag("Keep in the cache only what the remote has not"),
  projects: list("Other repositories that share the cache or the remote", {
    short: "p",
    placeholder: "path",
  }),
  olderThan: number("Days for which whatever was written stays", { default: 14 }),
  plan: text("Write what may go to this file, to be looked at", { placeholder: "file" }),
  delete: text("Delete what such a file lists and is still unused", { placeholder: "file" }),
  force: flag("Delete", { short: "f" }),
  dry: flag("Only say what may go, as is done anyway without --force"),
  skipFailed: flag("Go on although something cannot be seen"),
  forget: flag("With --cloud: let go, too, of what branches or tags name that are not to be kept"),
} as const;

/** `trainyard gc` */
export default defineStage({
  name: "gc",
  summary: "List what the cache and the remote hold and nothing names any more; with --force, delete it.",
  inputs,
  outputs: {
    objects: "How many objects may go, or went",
    bytes: "Their size in bytes",
  },
  examples: ["trainyard gc", "trainyard gc --cloud --plan gc.json", "trainyard gc --cloud --delete gc.json"],

  async run(given, ports) {
    const deletes = (given.force || given.delete !== undefined) && !given.dry;
    check(given);
    const workspace = await ports.workspace(ports.folder);
    const plan = given.delete === undefined ? undefined : await readPlan(workspace, ports, given.delete);
    const options = await optionsOf(given, ports, workspace);
    if (deletes && given.projects.length === 0) await refuseShared(workspace);
    try {
      const found = deletes
        ? await deleteUnused(workspace, options, plan)
        : within(await findUnused(workspace, options), plan);
      if (given.plan !== undefined) {
        const places = new Map(found.places.map(({ url, unused }) => [url, unused]));
        await workspace.files.write(resolve(ports.folder, given.plan), printGcPlan({ places }));
      }
      return answer(found, deletes, given, plan);
    } finally {
      await options.cloud?.close();
      await options.notIn?.close();
    }
  },
});

type Given = Values<typeof inputs>;

function check(given: Given): void {
  const usage = (message: string): UserError => new UserError(message, { exit: EXIT.usage });
  if (given.remote !== undefined && !given.cloud && !given.notInRemote)
    throw usage("--remote needs --cloud or --not-in-remote");
  if (given.notInRemote && given.cloud) throw usage("--not-in-remote and --cloud go not together");
  if (given.num !== undefined && given.rev.length === 0 && !given.allBranches)
    throw usage("--num needs --rev or --all-branches");
  if (given.num !== undefined && !(Number.isInteger(given.num) && given.num > 0))
    throw usage(`--num is ${given.num}; it is a number of commits`);
  if (given.olderThan !== undefined && !(given.olderThan >= 0))
    throw usage(`--older-than is ${given.olderThan}; it is a number of days, 0 or more`);
  if (given.date !== undefined && !isDay(given.date))
    throw usage(`--date is "${given.date}"; it is a day such as 2026-01-31`);
  if (given.plan !== undefined && (given.force || given.delete !== undefined))
    throw usage("--plan writes down what may go; --force and --delete come after it");
}

/** A day of the calendar: `Date` takes the 31st of June for the 1st of July. */
function isDay(text: string): boolean {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

async function optionsOf(given: Given, ports: Ports, workspace: Workspace): Promise<GcOptions> {
  const narrow =
    given.workspace ||
    given.allBranches ||
    given.allTags ||
    given.allCommits ||
    given.rev.length > 0 ||
    given.date !== undefined;
  const remote = given.cloud || given.notInRemote ? await workspace.remote(given.remote) : undefined;
  const days = given.olderThan ?? 14;
  return {
    keep: {
      all: !narrow,
      branches: given.allBranches,
      tags: given.allTags,
      commits: given.allCommits,
      revisions: given.rev,
      ...(given.num === undefined ? {} : { num: given.num }),
      ...(given.date === undefined ? {} : { since: given.date }),
    },
    before: new Date(ports.now().getTime() - days * DAY),
    ...(given.cloud && remote !== undefined ? { cloud: remote } : {}),
    ...(given.notInRemote && remote !== undefined ? { notIn: remote } : {}),
    others: await Promise.all(given.projects.map((path) => ports.workspace(resolve(ports.folder, path)))),
    blindly: given.skipFailed,
    forget: given.forget,
  };
}

/** A cache elsewhere, or a link to one, may be that of other repositories, of which this one knows nothing. */
async function refuseShared({ root, cache, files }: Workspace): Promise<void> {
  for (const folder of [cache.url, join(cache.url, "files"), join(cache.url, "files", "md5")]) {
    if (await files.liesBelow(join(folder, "x"), root)) continue;
    throw new UserError(
      `the cache ${cache.url} may be that of other repositories; name them with --projects, or "." where there are none`,
    );
  }
}

async function readPlan({ files }: Workspace, { folder }: Ports, path: string): Promise<GcPlan> {
  const found = await files.read(resolve(folder, path));
  if (found === undefined)
    throw new UserError(`there is no "${path}"; make one with \`trainyard gc --plan\``);
  return parseGcPlan(found, path);
}

function within(found: Collected, plan: GcPlan | undefined): Collected {
  if (plan === undefined) return found;
  const places = found.places.map((place) => {
    const names = new Set(plan.places.get(place.url)?.map(({ name }) => name));
    return { ...place, unused: place.unused.filter(({ name }) => names.has(name)) };
  });
  return { ...found, places };
}

function answer(
  { places, blind }: Collected,
  deleted: boolean,
  { plan }: Given,
  listed: GcPlan | undefined,
): Result<"objects" | "bytes"> {
  const all = places.flatMap(({ unused }) => unused);
  const bytes = all.reduce((sum, { size }) => sum + size, 0);
  const did = deleted ? "deleted" : "may go";
  const text = places.flatMap(({ url, unused, kept }) => [
    ...unused.slice(0, SHOWN).map(({ name, size }) => `${did}  ${digitsOf(name)}  ${formatBytes(size)}`),
    ...(unused.length > SHOWN ? [`and ${formatCount(unused.length - SHOWN)} more`] : []),
    ...staying(kept, listed?.places.get(url) ?? []),
    `${url}: ${counted(unused.length, "object")} ${deleted ? (unused.length === 1 ? "is deleted" : "are deleted") : "may go"}, ${formatBytes(
      unused.reduce((sum, { size }) => sum + size, 0),
    )}; ${formatCount(kept.length)} stay`,
  ]);
  const hint = deleted || plan !== undefined || all.length === 0 ? [] : ["--force deletes them"];
  return {
    outputs: { objects: String(all.length), bytes: String(bytes) },
    text: [...blind.map((sentence) => `not seen  ${sentence}`), ...text, ...hint].join("\n"),
    json: {
      deleted,
      objects: all.length,
      bytes,
      places: places.map(({ url, unused, kept }) => ({
        url,
        unused: unused.map(({ name, size, modified }) => ({ name, size, modified: modified?.toISOString() })),
        kept: kept.map(({ name, size, why }) => ({ name, size, why })),
      })),
      not_seen: blind,
    },
  };
}

/** What a plan lists and what stays all the same, with the reason: a plan keeps no options, such as --older-than. */
function staying(
  kept: Collected["places"][number]["kept"],
  listed: readonly { readonly name: string }[],
): readonly string[] {
  const names = new Set(listed.map(({ name }) => name));
  const stay = kept.filter(({ name }) => names.has(name));
  return [
    ...stay.slice(0, SHOWN).map(({ name, why }) => `stays  ${digitsOf(name)}  ${why}`),
    ...(stay.length > SHOWN ? [`and ${formatCount(stay.length - SHOWN)} more that stay`] : []),
  ];
}
