import { readFileSync } from "node:fs";
import { type Generated, MADE_BY } from "./generated.ts";

/*
 * The packages that are not bundled, for actions: a manifest with exact versions, and the part of
 * package-lock.json that belongs to them. npm checks each archive against its hash.
 */

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages: Readonly<Record<string, Locked>>;
}

export const nativeManifest: Generated = {
  path: "natives/package.json",
  make: () => json({ "//": MADE_BY, ...manifest(readLock()) }),
};

export const nativeLock: Generated = {
  path: "natives/package-lock.json",
  make: () => {
    const lock = readLock();
    const root = manifest(lock);
    const packages = Object.fromEntries([...needed(lock)].sort(byName));
    return json({ name: root.name, lockfileVersion: 3, requires: true, packages: { "": root, ...packages } });
  },
};

const readLock = (): Lock => JSON.parse(readFileSync("package-lock.json", "utf8")) as Lock;

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

/** What we depend on, each with the one version that is locked. */
function manifest(lock: Lock) {
  const exact = (names: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(
      Object.keys(names).map((name) => [name, lock.packages[`node_modules/${name}`]?.version ?? ""]),
    );
  const { dependencies, optionalDependencies } = lock.packages[""] as Locked;
  return {
    name: "trainyard-natives",
    private: true,
    license: "Apache-2.0",
    dependencies: exact(dependencies),
    optionalDependencies: exact(optionalDependencies),
  };
}

/**
 * The locked packages that those need, and that those need. An optional one without a hash is left out,
 * and its parent does not name it: its platform cannot be served safely.
 */
function needed({ packages }: Lock): Map<string, Locked> {
  const found = new Map<string, Locked>();
  const visit = (parent: string): void => {
    const { dependencies = {}, optionalDependencies = {} } = packages[parent] as Locked;
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const path = placeOf(name, parent, packages);
      const locked = path === undefined ? undefined : packages[path];
      if (path === undefined || locked?.integrity === undefined) {
        if (name in optionalDependencies) continue;
        throw new Error(`${name} has no integrity hash in package-lock.json`);
      }
      if (found.has(path)) continue;
      found.set(path, trimmed(path, locked, packages));
      visit(path);
    }
  };
  visit("");
  return found;
}

/** Where Node would find a package: beside its parent's own, or further up. */
function placeOf(name: string, parent: string, packages: Lock["packages"]): string | undefined {
  for (let at = parent; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    const path = `${at === "" ? "" : `${at}/`}node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (at === "") return undefined;
  }
}

function trimmed(path: string, locked: Locked, packages: Lock["packages"]): Locked {
  if (locked.optionalDependencies === undefined) return locked;
  const kept = Object.entries(locked.optionalDependencies).filter(
    ([name]) => packages[placeOf(name, path, packages) ?? ""]?.integrity !== undefined,
  );
  return { ...locked, optionalDependencies: Object.fromEntries(kept) };
}
