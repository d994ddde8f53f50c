import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type Content, digestOf, isDirectory, type Md5, type Sha256 } from "../../core/artifacts/digest.ts";
import { directoryContent, parseManifest, printManifest } from "../../core/artifacts/manifest.ts";
import { UserError } from "../../errors.ts";
import type { Cache } from "../../ports/cache.ts";
import { ObjectDamaged, ObjectMissing } from "../../ports/remote.ts";
import type { MeasuredFile } from "../files/content.ts";
import type { DiskFiles } from "../files/disk.ts";
import { changedWhileRead, type Hashed, hashFile } from "../files/hash.ts";
import { onDisk } from "../files/space.ts";
import { sameStamp, takeStamp } from "../files/stamp.ts";
import { cloneFile, type ObjectFolder } from "./objects.ts";

/** Files between two looks at the event loop, so that Ctrl-C is heard. */
const BATCH = 200;

/** The cache of a workspace: a folder of objects, and the way to and from its working files. */
export function diskCache(objects: ObjectFolder, files: DiskFiles): Cache {
  const { has, open, receive, list, drop, url } = objects;

  /** Copies one working file and hashes the copy, so that what lies under a name is what has that name. */
  async function takeIn(path: string, onBytes?: (count: number) => void): Promise<Hashed> {
    const stamp = takeStamp(path);
    const draft = objects.draft();
    try {
      cloneFile(path, draft);
      const { md5, sha256 } = await hashFile(draft, onBytes);
      if (!sameStamp(takeStamp(path), stamp)) throw changedWhileRead(path);
      objects.settle(draft, md5);
      return { md5, sha256, stamp };
    } finally {
      rmSync(draft, { force: true });
    }
  }

  /** Copies one object to a new path and makes sure of its bytes. */
  async function bringOut(name: Md5, path: string): Promise<MeasuredFile> {
    if (!(await has(name))) throw new ObjectMissing(name, url);
    cloneFile(objects.pathOf(name), path);
    chmodSync(path, 0o666 & ~process.umask());
    const copy = await hashFile(path);
    if (copy.md5 === name) return { relpath: "", ...copy, size: copy.stamp.size };
    rmSync(path, { force: true });
    drop(name);
    throw new ObjectDamaged(name, copy.md5, url);
  }

  const cache: Cache = {
    url,
    has,
    open,
    receive,
    list,
    drop,

    put: (path) => onDisk(url, () => putAll(path)),

    async manifest(name) {
      if (!(await has(name))) throw new ObjectMissing(name, url);
      const bytes = readFileSync(objects.pathOf(name));
      const found = digestOf(bytes).md5;
      if (`${found}.dir` === name) return parseManifest(bytes.toString("utf8"), name);
      drop(name);
      throw new ObjectDamaged(name, found, url);
    },

    async complete(name) {
      if (!(await has(name))) return false;
      if (!isDirectory(name)) return true;
      for (const entry of await cache.manifest(name)) if (!(await has(entry.md5))) return false;
      return true;
    },

    checkout: (name, path, expected) => onDisk(path, () => replaceBy(name, path, expected)),
  };

  async function putAll(path: string): Promise<Content> {
    const measured = await files.measure(path, takeIn);
    if (measured === undefined) throw new UserError(`"${path}" is not there`);
    for (const [index, { relpath, md5 }] of measured.files.entries()) {
      const file = measured.isDirectory ? join(path, relpath) : path;
      if (!(await has(md5)) && (await takeIn(file)).md5 !== md5) throw changedWhileRead(file);
      if (index % BATCH === BATCH - 1) await setImmediate();
    }
    const { content, isDirectory } = measured;
    if (isDirectory && !(await has(content.md5))) {
      const draft = objects.draft();
      writeFileSync(draft, printManifest(measured.files), { flag: "wx" });
      objects.settle(draft, content.md5); // last, so that a manifest says that its files are here
    }
    return content;
  }

  async function replaceBy(name: Md5, path: string, expected?: Sha256): Promise<Content> {
    const folder = await files.draft();
    try {
      const draft = join(folder, "out");
      const content = isDirectory(name) ? await bringOutAll(name, draft) : await bringOutOne(name, draft);
      if (expected !== undefined && content.sha256 !== expected) {
        throw new UserError(
          `${name} in ${url} has sha256 ${content.sha256}, not ${expected}, for which the lock vouches; make it anew with \`trainyard run\``,
        );
      }
      await files.replace(draft, path);
      return content;
    } finally {
      await files.remove(folder);
    }
  }

  async function bringOutOne(name: Md5, draft: string): Promise<Content> {
    const file = await bringOut(name, draft);
    files.note(draft, [file]);
    return { md5: file.md5, sha256: file.sha256, size: file.size };
  }

  async function bringOutAll(name: Md5, draft: string): Promise<Content> {
    const found: MeasuredFile[] = [];
    mkdirSync(draft);
    for (const [index, { relpath, md5 }] of (await cache.manifest(name)).entries()) {
      const path = join(draft, relpath);
      mkdirSync(dirname(path), { recursive: true });
      found.push({ ...(await bringOut(md5, path)), relpath });
      if (index % BATCH === BATCH - 1) await setImmediate();
    }
    files.note(draft, found);
    return directoryContent(found);
  }

  return cache;
}
