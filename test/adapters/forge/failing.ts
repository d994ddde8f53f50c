import assert from "node:assert/strict";
import { after, before, beforeEach } from "node:test";
import type { Fault } from "../../../local/contract.ts";
import { openForge } from "../../../src/adapters/forge/github.ts";
import { UserError } from "../../../src/errors.ts";
import type { Forge } from "../../../src/ports/forge.ts";
import { type LocalBench, openBench, SHORT } from "./bench.ts";

/** A GitHub that fails on demand, and the adapter that speaks with it. */
export interface Failing {
  readonly bench: LocalBench;
  /** A new one for each test, so that its patience is whole. */
  readonly forge: Forge;
  fault(method: string, path: RegExp, answer: Fault["answer"], times?: number): void;
  /** Requests of that kind that some work makes. */
  count(method: string, path: RegExp, work: () => Promise<unknown>): Promise<number>;
}

/** Opens it for the tests of this suite. It holds that nothing was asked that GitHub does not know. */
export function failing(): Failing {
  let bench: LocalBench;
  let forge: Forge;
  before(async () => {
    bench = await openBench();
  });
  beforeEach(async () => {
    forge = await openForge({ token: bench.token }, bench.environment, SHORT);
  });
  after(async () => {
    assert.deepEqual(
      bench.github.violations.filter((words) => !words.includes(" answered ")),
      [],
    );
    await bench.close();
  });
  return {
    get bench() {
      return bench;
    },
    get forge() {
      return forge;
    },
    fault: (method, path, answer, times = 1) => bench.github.fault({ method, path, times, answer }),
    async count(method, path, work) {
      const start = bench.github.requests.length;
      await work();
      const made = bench.github.requests.slice(start);
      return made.filter((one) => one.method === method && path.test(one.path)).length;
    },
  };
}

/** Holds that it fails with a message for people, which tells no secret. */
export function fails(work: Promise<unknown>, message: RegExp): Promise<void> {
  return assert.rejects(work, (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /ghs_|ghp_/);
    return true;
  });
}
