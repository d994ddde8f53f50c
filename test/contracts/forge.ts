import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Forge } from "../../src/ports/forge.ts";
import { recordContract } from "./forge-record.ts";
import { sourceContract } from "./forge-source.ts";
import { talkContract } from "./forge-talk.ts";

/** A repository on a forge, as a contract finds it: one commit on `main`, and one pull request. */
export interface Bench {
  readonly forge: Forge;
  /** Somebody else who may write there. */
  readonly other: Forge;
  readonly main: string;
  /** From the branch `change` of the same repository, which adds `data.csv`. */
  readonly pull: number;
  readonly change: string;
  /** Comments of an issue or pull request, as everybody sees them. */
  comments(issue: number): Promise<readonly { readonly author: string; readonly body: string }[]>;
  /** Others talk: this many comments more. */
  chat(issue: number, count: number): Promise<void>;
  /** Somebody else looks at a pull request, once with a remark and then approving it. @returns their login */
  review(pull: number): Promise<string>;
  /** Who `forge` speaks as. */
  readonly login: string;
  /** A run of the pull request's, and an artifact that it left. */
  readonly run?: { readonly id: number; readonly name: string };
  close?(): Promise<void>;
}

/** Parts of a forge: a server that only plays GitHub does not play all of them. */
export type Part =
  | "about"
  | "permission"
  | "pulls"
  | "files of pulls"
  | "pulls of commits"
  | "reviews"
  | "merge base"
  | "comments"
  | "reactions"
  | "labels"
  | "issues"
  | "checks"
  | "annotations"
  | "statuses"
  | "branches"
  | "file"
  | "commit"
  | "tags"
  | "releases"
  | "assets"
  | "deployments"
  | "runs"
  | "rules";

/** Runs a test where the forge has that part. */
export type Having = (part: Part | readonly Part[], title: string, test: () => Promise<void>) => void;

/**
 * What every forge promises. The adapter and the memory are held to it.
 *
 * @param without parts that this server does not play, or that another run of the contract covers
 */
export function forgeContract(name: string, open: () => Promise<Bench>, without: readonly Part[] = []): void {
  describe(`${name} keeps the forge contract`, () => {
    let bench: Bench;
    before(async () => {
      bench = await open();
    });
    after(async () => bench.close?.());

    const having: Having = (part, title, test) => {
      const parts = typeof part === "string" ? [part] : part;
      if (!parts.some((one) => without.includes(one))) it(title, test);
    };

    having("about", "says which repository it is, and who speaks", async () => {
      const { forge, login } = bench;
      assert.equal(forge.repository, "acme/wages");
      const info = await forge.repositoryInfo();
      assert.equal(`${info.owner}/${info.name}`, "acme/wages");
      assert.equal(info.defaultBranch, "main");
      assert.equal(info.private, false);
      assert.ok(info.id > 0);
      assert.equal((await forge.speaker()).login, login);
    });

    having("permission", "says what somebody may do", async () => {
      const { forge, other } = bench;
      const { login } = await other.speaker();
      assert.equal(await forge.permission(login), "write");
      assert.ok(["none", "read"].includes(await forge.permission("nobody-of-that-name")));
    });

    talkContract(having, () => bench);
    recordContract(having, () => bench);
    sourceContract(having, () => bench);
  });
}
