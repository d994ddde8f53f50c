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
  readonly into?: string;
  readonly of?: number;
  readonly refusedBefore?: boolean;
}

/** Runs the stage on an event, and lists what it wrote. */
async function ask(scene: Scene): Promise<{ outputs: Readonly<Record<string, string>>; said: string[] }> {
  const said: string[] = [];
  const pull = {
    number: 5,
    state: scene.state ?? "open",
    head: { sha: scene.head ?? HEAD, ref: "x", repository: "eve/wages" },
    base: { sha: "", ref: scene.into ?? "main", repositoryId: scene.of ?? 1 },
  } as PullRequest;
  const forge = {
    permission: async () => scene.permission ?? "write",
    branch: async (name: string) => (name === "main" ? "f".repeat(40) : "e".repeat(40)),
    repositoryInfo: async () => ({ id: 1, owner: "acme", name: "wages", defaultBranch: "main" }),
    pulls: { get: async () => pull },
    comments: {
      find: async () => (scene.refusedBefore === true ? { id: 1, body: "", url: "" } : undefined),
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

  it("trains nothing that goes into another branch than the default one", async () => {
    for (const scene of [{ into: "lax`|<b>@all" }, { of: 2 }]) {
      const { outputs, said } = await ask(scene);
      assert.equal(outputs.todo, "nothing");
      assert.match(said[1] ?? "", /only what goes into `main` is judged\.$/);
      assert.doesNotMatch(said[1] ?? "", /<b>|@all/);
    }
  });

  it("takes back what it refused before", async () => {
    const { outputs, said } = await ask({ refusedBefore: true });
    assert.equal(outputs.todo, "train");
    assert.deepEqual(said, ["rocket", `<!-- trainyard:command -->\n\`${HEAD}\` is being trained.`]);
  });

  it("says what there is to those who may write", async () => {
    const { outputs, said } = await ask({ body: "/trainyard help" });
    assert.equal(outputs.todo, "nothing");
    assert.equal(said[0], "eyes");
    assert.match(said[1] ?? "", /There is `\/trainyard train COMMIT`/);
    assert.deepEqual((await ask({ body: "/trainyard help", permission: "read" })).said, ["-1"]);
  });

  it("is asked on no other event", async () => {
    const ports = { host: { event: { name: "push", payload: {} } } } as unknown as Ports;
    await assert.rejects(command.run({ token: "t" } as never, ports), {
      name: "UserError",
      message: /"push"/,
    });
    const forged = {
      host: { event: { name: "issue_comment", payload: { comment: 1 } } },
    } as unknown as Ports;
    await assert.rejects(command.run({ token: "t" } as never, forged), { name: "UserError" });
  });

  it("reads the first line alone", () => {
    assert.equal(parseCommand(`hello\n/trainyard train ${HEAD}`), undefined);
    assert.deepEqual(parseCommand(`/trainyard train ${HEAD.toUpperCase()}\nplease`), {
      verb: "train",
      commit: HEAD,
    });
  });
});
