import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseCommand } from "../../src/core/proposal/command.ts";
import type { Forge, PullRequest } from "../../src/ports/forge.ts";
import type { Ports } from "../../src/ports/ports.ts";
import command from "../../src/stages/command.ts";

const HEAD = "0123456789abcdef0123456789abcdef01234567";

interface Scene {
  readonly body?: string;
  readonly permission?: string;
  readonly head?: string;
  readonly state?: "open" | "closed";
  readonly action?: string;
  readonly type?: string;
  readonly onIssue?: boolean;
}

/** Runs the stage on an event, and lists what it wrote. */
async function ask(scene: Scene): Promise<{ outputs: Readonly<Record<string, string>>; said: string[] }> {
  const said: string[] = [];
  const pull = {
    number: 5,
    state: scene.state ?? "open",
    head: { sha: scene.head ?? HEAD, ref: "x", repository: "eve/wages" },
    base: { sha: "", ref: "main", repositoryId: 1 },
  } as PullRequest;
  const forge = {
    permission: async () => scene.permission ?? "write",
    branch: async () => "f".repeat(40),
    pulls: { get: async () => pull },
    comments: {
      react: async (_id: number, reaction: string) => void said.push(reaction),
      upsert: async (_issue: number, _marker: string, body: string) => void said.push(body),
    },
  } as unknown as Forge;
  const payload = {
    action: scene.action ?? "created",
    comment: {
      id: 9,
      body: scene.body ?? `/trainyard train ${HEAD}`,
      user: { login: "ben", type: scene.type ?? "User" },
      author_association: "OWNER", // what a payload says of its author is not asked
    },
    issue: { number: 5, ...(scene.onIssue === true ? {} : { pull_request: {} }) },
  };
  const ports = {
    host: { event: { name: "issue_comment", payload } },
    forge: async () => forge,
  } as unknown as Ports;
  const { outputs } = await command.run({ token: "t" } as never, ports);
  return { outputs, said };
}

describe("command", () => {
  it("lets who may write have the head trained", async () => {
    const { outputs, said } = await ask({});
    assert.deepEqual(outputs, { todo: "train", pull: "5", head: HEAD, base: "f".repeat(40) });
    assert.deepEqual(said, ["rocket"]);
  });

  it("asks the forge who may write, and gives strangers no words", async () => {
    for (const permission of ["read", "triage", "none"]) {
      const { outputs, said } = await ask({ permission });
      assert.equal(outputs.todo, "nothing");
      assert.deepEqual(said, ["-1"]);
    }
  });

  it("trains no other commit than the head", async () => {
    const { outputs, said } = await ask({ head: "e".repeat(40) });
    assert.equal(outputs.todo, "nothing");
    assert.match(said[1] ?? "", /the head is `e{40}`/);
  });

  it("wants the whole commit id and nothing else", async () => {
    for (const body of [
      "/trainyard train 0123456",
      "/trainyard",
      "/trainyard train",
      `/trainyard train ${HEAD} && rm`,
    ]) {
      const { outputs, said } = await ask({ body });
      assert.equal(outputs.todo, "nothing", body);
      assert.match(said[1] ?? "", /Nothing was trained/);
      assert.ok(!(said[1] ?? "").includes("rm"));
    }
  });

  it("hears no edited comment, no bot, no issue and no closed pull request", async () => {
    for (const scene of [
      { action: "edited" },
      { type: "Bot" },
      { onIssue: true },
      { body: "nice /trainyard train" },
    ]) {
      const { outputs, said } = await ask(scene);
      assert.equal(outputs.todo, "nothing");
      assert.deepEqual(said, []);
    }
    assert.equal((await ask({ state: "closed" })).outputs.todo, "nothing");
  });

  it("reads the first line alone", () => {
    assert.equal(parseCommand(`hello\n/trainyard train ${HEAD}`), undefined);
    assert.deepEqual(parseCommand(`/trainyard train ${HEAD.toUpperCase()}\nplease`), {
      verb: "train",
      commit: HEAD,
    });
  });
});
