import { digitsOf, isDirectory, type ObjectName, type Sha256 } from "../core/artifacts/digest.ts";
import { digestRows } from "../core/artifacts/digest-table.ts";
import { namesOf } from "../core/artifacts/names.ts";
import { UserError } from "../errors.ts";
import type { Cache } from "../ports/cache.ts";
import { ObjectDamaged, ObjectMissing, type Remote } from "../ports/remote.ts";
import { type Children, childrenOf } from "./children.ts";
import { FromCache } from "./sending.ts";

/** Objects that are asked for and sent at once: their names take some megabytes. */
const PART = 50_000;

/** What is to be in a remote: a file, or a directory with all that it lists. */
export interface Wanted {
  readonly name: ObjectName;
  /** What it has to have, where a lock says so. */
  readonly sha256?: Sha256;
}

export interface SendOptions {
  /** Ask for each object of a directory that is there, and vouch for it anew. */
  readonly allObjects?: boolean;
  /** Whether small objects travel packed, where they can; as the user has set it, where it is not said. */
  readonly packed?: boolean;
  readonly onBytes?: (count: number) => void;
  /**
   * Called with what the remote has not, before it is sent; and with what was damaged in the cache. Has the
   * cache hold it, where that can be.
   */
  readonly hold?: (names: readonly ObjectName[]) => Promise<void>;
}

/** What became of a batch. */
export interface Sent {
  readonly objects: number;
  readonly bytes: number;
  /** Those of the wanted that are not whole in the remote now, with an object that nobody has. */
  readonly lacking: ReadonlyMap<ObjectName, ObjectName>;
}

/**
 * Sends all that is wanted in one batch, each object once. A manifest goes when all that it lists is there:
 * whoever sees one relies on that, as DVC does. Before an object can be seen, its sha256 is.
 */
export async function sendAll(
  wanted: readonly Wanted[],
  cache: Cache,
  given: Remote,
  options: SendOptions = {},
): Promise<Sent> {
  const remote = (await given.toSend?.(options.packed)) ?? given;
  const { onBytes = () => {}, hold = async () => {}, allObjects = false } = options;
  const tops = new Map(wanted.map((one) => [one.name, one]));
  const there = await remote.present([...tops.keys()]);
  const absent = [...tops.keys()].filter((name) => !there.has(name));
  const todo = allObjects ? [...tops.keys()] : absent;
  await hold(todo);

  const directories = todo.filter(isDirectory);
  const lacking = new Map<ObjectName, ObjectName>();
  const rows = digestRows();
  const departure = {
    cache,
    onBytes,
    async hashed(name: ObjectName, sha256: Sha256): Promise<void> {
      const top = tops.get(name);
      if (!isDirectory(name)) rows.add(name, sha256);
      if (top === undefined || isDirectory(name)) return;
      holdToLock(top, sha256);
      await remote.vouch(name, { sha256 });
    },
  };

  const names = namesOf(todo.filter((name) => !isDirectory(name)));
  for (const directory of directories) {
    try {
      for (const name of (await childrenOf(cache, directory)).names()) names.add(name);
    } catch (error) {
      if (!(error instanceof ObjectMissing)) throw error;
      lacking.set(directory, directory);
    }
  }

  let objects = 0;
  let bytes = 0;
  const nowhere = new Set<ObjectName>();
  /** Sends those that the remote has not and the cache has; says which nobody has. */
  const send = async (absent: readonly ObjectName[]): Promise<void> => {
    let sending: FromCache[] = [];
    for (const name of absent) {
      if (await cache.has(name)) sending.push(new FromCache(name, departure));
      else nowhere.add(name);
    }
    while (sending.length > 0) {
      try {
        await remote.send(sending, (one) => (one as FromCache).arrived(), "absent");
      } catch (error) {
        if (!(error instanceof ObjectDamaged)) throw error;
        cache.drop(error.object); // as a power cut may leave it; the working file may still be whole
        await hold(todo);
        if (!(await cache.has(error.object))) nowhere.add(error.object);
      }
      for (const one of sending) {
        if (!one.sent) continue;
        objects++;
        bytes += one.size;
      }
      sending = sending.filter(({ name, sent }) => !sent && !nowhere.has(name));
    }
  };

  const relied = namesOf([]);
  for (const part of names.parts(PART)) {
    const there = await remote.present(part);
    await send(part.filter((name) => !there.has(name)));
    for (const name of there) relied.add(name);
    if (!allObjects) continue;
    for (const name of part) {
      if (there.has(name) && tops.has(name) && (await cache.has(name))) {
        await departure.hashed(name, await cache.sha256(name));
      }
    }
  }
  // A `gc` may have let go meanwhile of what nothing names yet: before anything relies on it, it is there.
  if (objects > 0) {
    for (const part of relied.parts(PART)) {
      const still = await remote.present(part);
      await send(part.filter((name) => !still.has(name)));
    }
  }
  for (const name of todo) if (nowhere.has(name)) lacking.set(name, name);

  const known = rows.table();
  const sha256Of = async (name: ObjectName): Promise<Sha256 | undefined> =>
    known.get(name) ?? ((await cache.has(name)) ? cache.sha256(name) : undefined);
  const whole: ObjectName[] = [];
  for (const directory of directories) {
    if (lacking.has(directory)) continue;
    const children = await childrenOf(cache, directory);
    const missing = firstOf(children, nowhere);
    if (missing !== undefined) {
      lacking.set(directory, missing);
      continue;
    }
    await vouchFor(directory, children, tops.get(directory), remote, sha256Of);
    whole.push(directory);
  }
  await send(allObjects ? whole.filter((name) => !there.has(name)) : whole);
  const gone = objects > 0 ? await goneSince(remote, there) : new Set<ObjectName>();
  if (gone.size === 0) return { objects, bytes, lacking };
  const again = await sendAll(
    wanted.filter(({ name }) => gone.has(name)),
    cache,
    given,
    options,
  );
  return {
    objects: objects + again.objects,
    bytes: bytes + again.bytes,
    lacking: new Map([...lacking, ...again.lacking]),
  };
}

/** Those of the objects that a remote has no more. */
async function goneSince(remote: Remote, there: ReadonlySet<ObjectName>): Promise<ReadonlySet<ObjectName>> {
  const still = await remote.present([...there]);
  return new Set([...there].filter((name) => !still.has(name)));
}

function firstOf(children: Children, among: ReadonlySet<ObjectName>): ObjectName | undefined {
  if (among.size === 0) return undefined;
  for (const name of children.names()) if (among.has(name)) return name;
  return undefined;
}

/** Says the sha256 of a directory and of its files. What is known of some of them only is not said. */
async function vouchFor(
  directory: ObjectName,
  children: Children,
  wanted: Wanted | undefined,
  remote: Remote,
  sha256Of: (name: ObjectName) => Promise<Sha256 | undefined>,
): Promise<void> {
  const rows = digestRows(children.length);
  for (const name of children.names()) {
    const long = await sha256Of(name);
    if (long === undefined) return;
    rows.add(name, long);
  }
  const files = rows.table();
  const sha256 = children.digest((name) => files.get(name));
  if (sha256 === undefined) return;
  if (wanted !== undefined) holdToLock(wanted, sha256);
  await remote.vouch(directory, { sha256, files });
}

function holdToLock({ name, sha256 }: Wanted, found: Sha256): void {
  if (sha256 === undefined || sha256 === found) return;
  throw new UserError(
    `${digitsOf(name)} has sha256 ${found} in the cache, and the lock vouches for ${sha256}; it is not sent; make it anew with \`trainyard run\``,
  );
}
