import { forbidden, Refused } from "./answers.ts";
import type { Identity } from "./tokens.ts";

/** How often may be asked. */
export interface Limits {
  /** How many requests that create or change something, within the window. GitHub: 80. */
  readonly writes: number;
  /** The window's length in milliseconds. GitHub: a minute. */
  readonly window: number;
}

const HOUR = 3_600_000;
const PRIMARY: Readonly<Record<Identity["kind"], number>> = { job: 1000, app: 5000, user: 5000, nobody: 60 };

interface Counts {
  start: number;
  used: number;
  writes: number[];
}

const MESSAGE =
  "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. For more on scraping GitHub and how it may affect your rights, please review our Terms of Service";

/** Counts requests by who makes them, and says when it was too much. */
export interface Counter {
  /** Headers that tell of the limit. @throws {Refused} 403 beyond one of the limits */
  count(identity: Identity, writes: boolean, now: number): Readonly<Record<string, string>>;
  /** Headers, without counting. */
  headers(identity: Identity, now: number): Readonly<Record<string, string>>;
}

/** A counter that begins at nothing. */
export function newCounter(limits: Limits): Counter {
  const all = new Map<string, Counts>();
  const of = (identity: Identity, now: number): Counts => {
    const known = all.get(identity.key);
    if (known && now - known.start < HOUR) return known;
    const fresh = { start: now, used: 0, writes: known?.writes ?? [] };
    all.set(identity.key, fresh);
    return fresh;
  };
  const headers = (identity: Identity, now: number): Readonly<Record<string, string>> => {
    const { used, start } = of(identity, now);
    const limit = PRIMARY[identity.kind];
    return {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(Math.max(0, limit - used)),
      "x-ratelimit-used": String(used),
      "x-ratelimit-reset": String(Math.ceil((start + HOUR) / 1000)),
      "x-ratelimit-resource": "core",
    };
  };
  return {
    headers,
    count(identity, writes, now) {
      const counts = of(identity, now);
      if (counts.used >= PRIMARY[identity.kind]) {
        throw forbidden(`API rate limit exceeded for ${identity.account.login}.`, headers(identity, now));
      }
      counts.used += 1;
      counts.writes = counts.writes.filter((at) => now - at < limits.window);
      if (writes && counts.writes.length >= limits.writes) {
        const wait = Math.max(1, Math.ceil(((counts.writes[0] ?? now) + limits.window - now) / 1000));
        throw new Refused({
          ...forbidden(MESSAGE).answer,
          headers: { ...headers(identity, now), "retry-after": String(wait) },
        });
      }
      if (writes) counts.writes.push(now);
      return headers(identity, now);
    },
  };
}
