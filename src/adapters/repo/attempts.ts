import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../errors.ts";
import { GitFailure, type GitFailureKind } from "./git-failure.ts";

/** How often something is tried, and how long is waited between, in milliseconds. */
export interface Pace {
  /** How often others may be faster. */
  readonly races: number;
  /** How often the server or the network may fail. */
  readonly outages: number;
  readonly first: number;
  readonly longest: number;
  /** Evenly between 0 and 1. */
  readonly random: () => number;
}

/** Two minutes in all for a server that is not well: longer is a matter for whoever runs the job again. */
export const STEADY: Pace = { races: 1, outages: 7, first: 1000, longest: 30_000, random: Math.random };

/**
 * How long to wait after so many failures: the span doubles each time, and the wait is anywhere in its
 * upper half, so that those who met once do not meet again.
 */
export function waitAfter(failures: number, { first, longest, random }: Pace): number {
  const span = Math.min(longest, first * 2 ** (failures - 1));
  return span / 2 + (span / 2) * random();
}

/**
 * Does work that reaches a server, again where the server or the network failed or somebody was faster.
 *
 * @param wants what the token must be allowed to do, for the message where it is not
 * @throws {UserError} where the server refuses, or none of the attempts went well
 */
export async function attempting<T>(
  repository: string,
  wants: "read" | "write",
  pace: Pace,
  work: () => Promise<T>,
): Promise<T> {
  const failures = { raced: 0, unavailable: 0 };
  for (;;) {
    const begun = Date.now();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error;
      const { kind } = error;
      if (kind !== "raced" && kind !== "unavailable") throw explained(error, repository, wants, 1);
      const count = ++failures[kind];
      if (count >= (kind === "raced" ? pace.races : pace.outages)) {
        throw explained(error, repository, wants, count);
      }
      const took = Date.now() - begun; // where all is slow, more meet: they need more room
      await sleep(waitAfter(count, { ...pace, first: Math.max(pace.first, took) }));
    }
  }
}

/** What a user can do about it; the failure itself where nobody knows. */
function explained(
  failure: GitFailure,
  repository: string,
  wants: "read" | "write",
  attempts: number,
): UserError | GitFailure {
  const { said } = failure;
  const grant = `give the job "permissions: { contents: ${wants} }"`;
  const messages: Partial<Record<GitFailureKind, string>> = {
    raced: `others were faster ${attempts} times ("${said}"); run the job again`,
    unavailable: `the server did not answer as it should in ${attempts} attempts ("${said}"); run the job again`,
    refused: `the token may not ${wants} ("${said}"); ${grant}`,
    unknown: `it is not there, or the token may not ${wants} it ("${said}"); ${grant}`,
    unauthorized: `the token is missing, wrong or no longer valid ("${said}"); ${grant}, and hand its token over`,
    protected: `a ruleset or branch protection stands against it ("${said}"); let the app or workflow that writes bypass that rule`,
  };
  const message = messages[failure.kind];
  return message === undefined ? failure : new UserError(`${repository}: ${message}`, { cause: failure });
}
