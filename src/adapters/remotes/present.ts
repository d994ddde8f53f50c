import { digitsOf, isLegacy, type ObjectName, objectAt, objectPath } from "../../core/artifacts/digest.ts";
import type { Bucket } from "../../ports/bucket.ts";
import { inLanes } from "./lanes.ts";
import { again } from "./retrying.ts";

/** Keys that one request of an object store lists. */
const PAGE = 1000;
/** From so many objects on, a listing is reckoned dearer by this, as DVC reckons: so much of it is of no use. */
const LARGE = 500_000;
const WEIGHT = 5;
/** The objects whose names begin with three digits are counted: one of 4096 parts. */
const PARTS = 4096;
/** A thousandth of a part of a remote of a thousand millions. */
const MOST_COUNTED = 250_000;

/**
 * Those of the names that a bucket has. Each is asked for, or all are listed, as is quicker: as in DVC, by
 * how many objects there are, reckoned from those whose names begin alike.
 */
export async function presentIn(
  bucket: Bucket,
  names: readonly ObjectName[],
): Promise<ReadonlySet<ObjectName>> {
  const there = new Set<ObjectName>();
  const ask = (some: readonly ObjectName[]): Promise<void> =>
    inLanes(bucket.lanes, some, async (name) => {
      if ((await bucket.size(objectPath(name))) !== undefined) there.add(name);
    });
  if (names.length <= bucket.lanes || !bucket.lists) {
    await ask(names);
    return there;
  }
  for (const group of [names.filter((name) => !isLegacy(name)), names.filter(isLegacy)]) {
    if (await isListed(bucket, group)) await list(bucket, group, there);
    else await ask(group);
  }
  return there;
}

/** Whether listing the folders of these names takes fewer requests than asking for each. */
async function isListed(bucket: Bucket, names: readonly ObjectName[]): Promise<boolean> {
  const [first] = names;
  if (first === undefined || names.length <= bucket.lanes) return false;
  const { page = PAGE } = bucket;
  const folders = foldersOf(names);
  const enough = Math.min(MOST_COUNTED, Math.ceil((names.length * page) / PARTS) + 1);
  const [folder = ""] = folders;
  const counted = await again(async () => {
    let found = 0;
    for await (const _ of bucket.list(`${folder}0`)) if (++found >= enough) break;
    return found;
  });
  const objects = counted * PARTS;
  const requests = Math.max(folders.size, ((objects / page) * folders.size) / 256);
  return names.length > requests * (objects >= LARGE ? WEIGHT : 1);
}

async function list(bucket: Bucket, names: readonly ObjectName[], there: Set<ObjectName>): Promise<void> {
  const wanted = new Set(names);
  await inLanes(bucket.lanes, [...foldersOf(names)], async (folder) => {
    await again(async () => {
      for await (const { key } of bucket.list(folder)) {
        const name = objectAt(key);
        if (name !== undefined && wanted.has(name)) there.add(name); // what was seen stands: it may be begun anew
      }
    });
  });
}

/** The folders that objects of these names lie in, with `/` at the end: 256 at most. */
function foldersOf(names: readonly ObjectName[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const name of names) {
    folders.add(`${isLegacy(name) ? "" : "files/md5/"}${digitsOf(name).slice(0, 2)}/`);
    if (folders.size === 256) break;
  }
  return folders;
}
