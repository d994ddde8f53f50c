import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** How long a chunk of an earlier build is kept for those that run it, and load more of it as they need it. */
const GRACE = 10 * 60_000;
/** Files of earlier builds, with the time at which a build no longer had them. */
const SUPERSEDED = ".superseded.json";

/**
 * Moves a finished build to its place, file by file: chunks before the entries that name them. What is
 * there already, with the same bytes, stays as it is.
 *
 * @param fresh takes the old build away whole, chunks that somebody may be running included
 */
export function moveIn(aside, out, fresh) {
  if (fresh) {
    const old = `${out}.old-${process.pid}`;
    if (exists(out)) renameSync(out, old);
    renameSync(aside, out);
    rmSync(old, { recursive: true, force: true });
    return;
  }
  const paths = filesIn(aside).sort((a, b) => Number(isEntry(a)) - Number(isEntry(b)));
  for (const path of paths) {
    const [from, to] = [join(aside, path), join(out, path)];
    if (exists(to) && readFileSync(from).equals(readFileSync(to))) continue;
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
  }
  rmSync(aside, { recursive: true });
  sweep(out, new Set(paths));
}

/** Takes away what the newest build does not have, some time after it went. */
function sweep(out, made) {
  const list = join(out, SUPERSEDED);
  const before = exists(list) ? JSON.parse(readFileSync(list, "utf8")) : {};
  const now = Date.now();
  const superseded = {};
  for (const path of filesIn(out)) {
    if (made.has(path) || path === SUPERSEDED) continue;
    const since = before[path] ?? now;
    if (now - since > GRACE) rmSync(join(out, path), { force: true });
    else superseded[path] = since;
  }
  writeFileSync(`${list}.${process.pid}`, JSON.stringify(superseded));
  renameSync(`${list}.${process.pid}`, list);
}

const isEntry = (path) => !path.startsWith("chunks");
const exists = (path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [] : join(entry.parentPath, entry.name).slice(folder.length + 1),
  );
}
