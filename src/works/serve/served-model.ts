import { Refusal } from "../../core/serving/refusal.ts";
import type { ModelState, Wanted } from "../../core/serving/state.ts";
import { UserError } from "../../errors.ts";
import type { Loaded } from "./load.ts";
import type { Source, Target } from "./source.ts";

/** What a model that is served needs of its surroundings. */
export interface ServedBy {
  readonly environment: string;
  readonly source: Source;
  readonly load: (target: Target) => Promise<Loaded>;
  /** What was served last; asked for where nobody can say what is wanted. */
  readonly remembered: () => Promise<Target | undefined>;
  readonly remember: (target: Target) => Promise<void>;
  readonly now: () => Date;
  /** One line for the one who runs the server. */
  readonly say: (text: string) => void;
}

/** One model of a server: the bytes that answer, and what becomes of wishes for others. */
export interface ServedModel {
  readonly name: string;
  state(): ModelState;
  /** Looks what is wanted and serves it; whatever goes wrong, what is served stays. */
  look(): Promise<void>;
  /**
   * Works with the model that answers now, which stays in memory until it is done.
   *
   * @throws {Refusal} where none does
   */
  use<T>(work: (loaded: Loaded, serving: Wanted) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A model in use, and by how many. */
interface Held {
  readonly loaded: Loaded;
  /** The same bytes may get a version while they serve. */
  target: Target;
  readonly since: string;
  users: number;
  /** Closed when nobody uses it any more. */
  retired: boolean;
  /** Rows are scored one request after the other: runtimes have one set of buffers a model. */
  turn: Promise<unknown>;
}

/** Milliseconds between attempts at bytes that cannot be served: twice as long each time, up to this. */
const LEAST_WAIT = 10_000;
const MOST_WAIT = 10 * 60_000;

/** Serves a model, nothing of it at first. */
export function servedModel(name: string, by: ServedBy): ServedModel {
  let held: Held | undefined;
  let coming: Target | undefined;
  let failed: { readonly sha256: string; readonly why: string; times: number; again: number } | undefined;
  let trouble: string | undefined;
  let known: string | undefined;
  let closed = false;

  const troubled = (text: string | undefined): void => {
    if (text === trouble) return;
    trouble = text;
    const still = held === undefined ? "" : `; ${titleOf(held.target)} goes on serving`;
    by.say(text === undefined ? `${name}: all is well again` : `${name}: ${text}${still}`);
  };

  const retire = async (old: Held): Promise<void> => {
    old.retired = true;
    if (old.users === 0) await old.loaded.bundle.close();
  };

  /** Serves other bytes from the moment on that they are open; answers with what is in the way. */
  const swap = async (target: Target): Promise<string | undefined> => {
    const { sha256 } = target.digest;
    coming = target;
    const now = by.now().getTime();
    const before = failed?.sha256 === sha256 ? failed : undefined;
    if (before !== undefined && now < before.again) return before.why;
    let loaded: Loaded;
    try {
      loaded = await by.load(target);
    } catch (error) {
      const times = (before?.times ?? 0) + 1;
      const again = now + Math.min(LEAST_WAIT * 2 ** (times - 1), MOST_WAIT);
      failed = { sha256, why: `${titleOf(target)} cannot be served: ${sentence(error)}`, times, again };
      return failed.why;
    }
    if (closed) {
      await loaded.bundle.close();
      return undefined;
    }
    const old = held;
    const since = by.now().toISOString();
    held = { loaded, target, since, users: 0, retired: false, turn: Promise.resolve() };
    [coming, failed] = [undefined, undefined];
    by.say(`${name}: serves ${titleOf(target)}${loaded.remark === undefined ? "" : `; ${loaded.remark}`}`);
    if (old !== undefined) await retire(old);
    await kept(target);
    return undefined;
  };

  const kept = async (target: Target): Promise<void> => {
    try {
      await by.remember(target);
    } catch (error) {
      by.say(`${name}: it cannot be kept what was served last: ${sentence(error)}`);
    }
  };

  const look = async (): Promise<string | undefined> => {
    let target: Target | undefined;
    let unknown: string | undefined;
    try {
      target = await by.source.wanted(name);
      known = by.now().toISOString();
      if (target === undefined) {
        coming = undefined;
        return `${by.source.name} name no bytes of it that are to be served`;
      }
    } catch (error) {
      unknown = `it is not known what is to be served: ${sentence(error)}`;
      target = held === undefined ? await by.remembered() : undefined;
    }
    if (target === undefined) return unknown;
    if (held?.target.digest.sha256 !== target.digest.sha256) return (await swap(target)) ?? unknown;
    held.target = target;
    [coming, failed] = [undefined, undefined];
    return undefined;
  };

  return {
    name,

    state: () => ({
      model: name,
      environment: by.environment,
      serving: held && { ...wantedOf(held.target), since: held.since },
      coming: coming && { ...wantedOf(coming), failed: failed?.sha256 === coming.digest.sha256 },
      trouble,
      known,
    }),

    async look() {
      troubled(await look());
    },

    async use(work) {
      const mine = held;
      if (mine === undefined) {
        throw new Refusal("UNAVAILABLE", `Servable is not available yet: ${name}; GET /readyz says why`);
      }
      mine.users++;
      const done = mine.turn.then(() => work(mine.loaded, wantedOf(mine.target)));
      mine.turn = done.catch(() => {});
      try {
        return await done;
      } finally {
        mine.users--;
        if (mine.retired && mine.users === 0) await mine.loaded.bundle.close();
      }
    },

    async close() {
      closed = true;
      const last = held;
      held = undefined;
      if (last !== undefined) await retire(last);
    },
  };
}

const wantedOf = ({ digest, version, deployment }: Target): Wanted => ({
  sha256: digest.sha256,
  version,
  deployment,
});

const titleOf = ({ digest, version }: Target): string =>
  `${version === undefined ? "" : `${version}, `}sha256 ${digest.sha256.slice(0, 12)}`;

/** What went wrong, in a line: bytes that anybody may have made can fail in ways that nobody foresaw. */
function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split("\n", 1)[0] ?? "";
  return error instanceof UserError ? line : `${line} (unexpected)`;
}
