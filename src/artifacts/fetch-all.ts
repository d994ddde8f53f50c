import { digitsOf, isDirectory, type ObjectName, type Sha256 } from "../core/artifacts/digest.ts";
import { namesOf } from "../core/artifacts/names.ts";
import type { Voucher } from "../core/artifacts/voucher.ts";
import { UserError } from "../errors.ts";
import type { Cache } from "../ports/cache.ts";
import { type Incoming, ObjectDamaged, ObjectForged, ObjectMissing, type Remote } from "../ports/remote.ts";
import { type Children, childrenOf } from "./children.ts";
import type { Wanted } from "./send-all.ts";

/** Objects that are asked for at once: their names take some megabytes. */
const PART = 50_000;
/** Vouchers that are asked for at once. */
const LANES = 16;

/** What became of a batch. */
export interface FetchedAll {
  readonly objects: number;
  readonly bytes: number;
  /** Those of the wanted that the cache cannot have whole, with the reason. */
  readonly failed: ReadonlyMap<ObjectName, UserError>;
}

/**
 * Fetches all that is wanted into the cache in two batches: manifests, then files, each object once. What is
 * there is not fetched again. An object that is missing or wrong does not keep the others from coming.
 *
 * @throws {Unreachable} and what else keeps all of them from coming
 */
export async function fetchAll(
  wanted: readonly Wanted[],
  cache: Cache,
  remote: Remote,
  onBytes: (count: number) => void = () => {},
): Promise<FetchedAll> {
  const tops = new Map(wanted.map((one) => [one.name, one]));
  const failed = new Map<ObjectName, UserError>();
  const wrong = new Map<ObjectName, UserError>();
  let objects = 0;
  let bytes = 0;

  const receive = async (
    names: readonly ObjectName[],
    expected: (name: ObjectName) => Sha256 | undefined,
  ): Promise<void> => {
    await remote.receive(names, async (name, incoming) => {
      const arrival = new Arrival(incoming, onBytes);
      try {
        await cache.receive(name, arrival.incoming, expected(name));
        arrival.arrived(() => cache.open(name).size);
        objects++;
        bytes += arrival.told;
      } catch (error) {
        wrong.set(name, reasonOf(error, name, remote));
      }
    });
  };

  const directories = [...tops.keys()].filter(isDirectory);
  await receive(await absentOf(directories, cache), () => undefined);

  const vouched = new Map<ObjectName, Voucher>();
  const names = namesOf([]);
  for (let at = 0; at < wanted.length; at += LANES) {
    await Promise.all(
      wanted.slice(at, at + LANES).map(async (one) => {
        if (wrong.has(one.name)) return;
        try {
          const voucher = await voucherOf(one, cache, remote);
          if (voucher !== "not needed") {
            if (voucher !== undefined) vouched.set(one.name, voucher);
            if (isDirectory(one.name))
              for (const name of (await childrenOf(cache, one.name)).names()) names.add(name);
            else names.add(one.name);
          }
        } catch (error) {
          wrong.set(one.name, reasonOf(error, one.name, remote));
        }
      }),
    );
  }
  const tables = [...vouched.values()].flatMap(({ files }) => files ?? []);
  const expected = (name: ObjectName): Sha256 | undefined => {
    const known = tops.get(name)?.sha256 ?? vouched.get(name)?.sha256;
    if (known !== undefined) return known;
    for (const table of tables) {
      const found = table.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (const part of names.parts(PART)) await receive(await absentOf(part, cache), expected);

  if (wrong.size > 0) {
    for (const name of tops.keys()) {
      const reason = wrong.get(name) ?? (await reasonWithin(name, cache, wrong));
      if (reason !== undefined) failed.set(name, reason);
    }
  }
  return { objects, bytes, failed };
}

async function absentOf(names: readonly ObjectName[], cache: Cache): Promise<readonly ObjectName[]> {
  const absent: ObjectName[] = [];
  for (const name of names) if (!(await cache.has(name))) absent.push(name);
  return absent;
}

/**
 * What vouches for something of which the cache lacks a part; undefined where the remote has no voucher.
 *
 * @throws {UserError} where the voucher fits neither the lock nor the manifest
 */
async function voucherOf(
  wanted: Wanted,
  cache: Cache,
  remote: Remote,
): Promise<Voucher | undefined | "not needed"> {
  const { name, sha256 } = wanted;
  if (await cache.complete(name)) return "not needed";
  if (!isDirectory(name) && sha256 !== undefined) return undefined; // the lock knows it
  const voucher = await remote.vouched(name);
  if (voucher === undefined) return undefined;
  const mend = "have it written anew with `trainyard push --all-objects` where the right bytes are";
  if (sha256 !== undefined && voucher.sha256 !== sha256) {
    throw new UserError(
      `${remote.url} vouches for ${digitsOf(name)} with sha256 ${voucher.sha256}, and the lock with ${sha256}: the voucher was exchanged; ${mend}`,
    );
  }
  if (isDirectory(name)) {
    const { files } = voucher;
    const children: Children = await childrenOf(cache, name);
    const found = files && children.digest((child) => files.get(child));
    if (found !== voucher.sha256) {
      throw new UserError(
        `what vouches for ${digitsOf(name)} in ${remote.url} says sha256 ${voucher.sha256}, and its files have ${found ?? "none"}: manifest or voucher were exchanged; ${mend}`,
      );
    }
  }
  return voucher;
}

/** @throws what is not about this object alone */
function reasonOf(error: unknown, name: ObjectName, remote: Remote): UserError {
  if (error instanceof ObjectDamaged) return new ObjectDamaged(name, error.found, remote.url);
  if (error instanceof ObjectMissing || error instanceof ObjectForged) return error;
  if (error instanceof UserError && error.constructor === UserError) return error;
  throw error;
}

async function reasonWithin(
  name: ObjectName,
  cache: Cache,
  wrong: ReadonlyMap<ObjectName, UserError>,
): Promise<UserError | undefined> {
  if (!isDirectory(name) || !(await cache.has(name))) return undefined;
  for (const child of (await childrenOf(cache, name)).names()) {
    const reason = wrong.get(child);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** An object on its way in, counted as it passes. */
class Arrival {
  readonly incoming: Incoming;
  told = 0;
  readonly #onBytes: (count: number) => void;

  constructor(incoming: Incoming, onBytes: (count: number) => void) {
    this.#onBytes = onBytes;
    const { path, begin } = incoming;
    this.incoming = Object.assign(
      (from?: number) => this.#counted(incoming(from)),
      path === undefined ? {} : { path },
      begin === undefined ? {} : { begin: () => this.#begun(begin) },
    );
  }

  async #begun(begin: NonNullable<Incoming["begin"]>): ReturnType<NonNullable<Incoming["begin"]>> {
    const begun = await begin();
    if (!(begun instanceof Uint8Array)) return this.#counted(begun);
    this.#tell(begun.length);
    return begun;
  }

  /** Tells of what nobody saw passing. */
  arrived(size: () => number): void {
    if (this.told === 0) this.#tell(size());
  }

  async *#counted(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of bytes) {
      this.#tell(chunk.length);
      yield chunk;
    }
  }

  #tell(count: number): void {
    this.told += count;
    this.#onBytes(count);
  }
}
