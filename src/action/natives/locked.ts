import { createHash } from "node:crypto";
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installedNatives, type Natives } from "../../adapters/natives.ts";
import { UserError } from "../../errors.ts";

/*
 * A released action is a tree without node_modules. Its packages with native parts come from the locked
 * manifest beside it, each held to its integrity hash, into a folder of the runner's: never from the
 * workspace, which may belong to the change that is judged.
 */

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      { readonly version: string; readonly os?: readonly string[]; readonly cpu?: readonly string[] }
    >
  >;
}

/** Where things are that an action's packages come from and go to. */
export interface Places {
  /** The action's own tree: what `natives/` and `dist/` lie in. */
  readonly root: string;
  /** Where installations are kept; outside of the workspace. */
  readonly store: string;
}

/** The nearest folder above this file with a locked manifest; undefined where there is none. */
export function actionRoot(from = dirname(fileURLToPath(import.meta.url))): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    if (existsSync(join(at, "natives", "package-lock.json"))) return at;
    if (at === dirname(at)) return undefined;
  }
}

/** The runner's tool cache, which a self-hosted runner keeps; else its folder for one job. */
export function storeOf(environment: Readonly<Record<string, string | undefined>>): string {
  const { RUNNER_TOOL_CACHE: cache, RUNNER_TEMP: temporary } = environment;
  return join(cache || temporary || tmpdir(), "trainyard");
}

/** The packages of the locked manifest: those of a checkout where npm was run in it, else installed once. */
export function lockedNatives(places: Places, environment: NodeJS.ProcessEnv, workspace: string): Natives {
  const modules = join(places.root, "node_modules");
  let ready: Promise<void> | undefined;
  return {
    ready() {
      ready ??= isFolder(modules) ? Promise.resolve() : install();
      return ready;
    },

    version(name) {
      if (isFolder(modules)) return installedNatives.version(name);
      const found = readLock(places.root).lock.packages[`node_modules/${name}`];
      if (found === undefined) throw new Error(`${name} is not in natives/package-lock.json`);
      return found.version;
    },
  };

  async function install(): Promise<void> {
    const { installLocked, show } = await import("./install.ts");
    const { lock, hash } = readLock(places.root);
    fits(lock);
    const folder = await installLocked({
      manifest: join(places.root, "natives"),
      to: join(places.store, hash),
      environment,
      workspace,
    });
    show(join(folder, "node_modules"), modules);
  }
}

/** A checkout's own folder; a link is ours, and is set anew where it leads to another installation. */
const isFolder = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function readLock(root: string): { readonly lock: Lock; readonly hash: string } {
  const bytes = readFileSync(join(root, "natives", "package-lock.json"));
  const platform = `${process.platform}-${process.arch}`;
  const hash = createHash("sha256").update(bytes).update(platform).digest("hex").slice(0, 32);
  return { lock: JSON.parse(bytes.toString()) as Lock, hash };
}

/** Npm leaves out what is not for this machine, and says nothing of it. */
function fits({ packages }: Lock): void {
  const native = Object.keys(packages).flatMap(
    (path) => /^node_modules\/@duckdb\/node-bindings-(.+)$/.exec(path)?.[1] ?? [],
  );
  if (native.includes(`${process.platform}-${process.arch}`)) return;
  throw new UserError(
    `this runner is ${process.platform}-${process.arch}, for which no DuckDB is locked; use one of: ${native.join(", ")}`,
  );
}
