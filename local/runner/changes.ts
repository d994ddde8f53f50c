import type { GithubEvent } from "../contract.ts";
import { git } from "./git.ts";
import type { Mirrors } from "./mirrors.ts";
import { isMapping, type Mapping, type Value } from "./value.ts";

/** What a trigger may ask about an event's commits. */
export interface Changes {
  /** The files that a push or pull request changes, as paths. */
  paths(): Promise<readonly string[]>;
  /** The message of the commit that is proposed or pushed. */
  message(): Promise<string>;
}

const at = (value: unknown, ...path: readonly string[]): Value =>
  path.reduce<Value>((inner, key) => (isMapping(inner) ? (inner[key] ?? null) : null), value as Value);

const ABSENT = /^0+$/;

/** Reads the commits of an event. */
export function changesOf(event: GithubEvent, mirrors: Mirrors): Changes {
  const payload = event.payload as Mapping;
  const head = String(at(payload, "pull_request", "head", "sha") ?? at(payload, "after") ?? event.sha);
  const base = String(at(payload, "pull_request", "base", "sha") ?? at(payload, "before") ?? "");
  const three = at(payload, "pull_request") !== null;
  return {
    async paths() {
      const mirror = await mirrors.having(event.repository, head);
      const range =
        base === "" || ABSENT.test(base)
          ? ["--root", head]
          : three
            ? ["--merge-base", base, head]
            : [base, head];
      const listed = await git(mirror, ["diff-tree", "-r", "-z", "--name-only", "--no-commit-id", ...range]);
      return listed.split("\0").filter((path) => path !== "");
    },
    async message() {
      const mirror = await mirrors.having(event.repository, head);
      return git(mirror, ["log", "-1", "--format=%B", head]);
    },
  };
}
