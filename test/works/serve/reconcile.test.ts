import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { commitTo, memoryForge, memoryWorld } from "../../../src/adapters/forge/memory.ts";
import type { Digest, Md5, Sha256 } from "../../../src/core/artifacts/digest.ts";
import { UserError } from "../../../src/errors.ts";
import type { DeploymentStatus, Speaker } from "../../../src/ports/forge.ts";
import reconcile from "../../../src/stages/reconcile.ts";
import type { Result } from "../../../src/stages/stage.ts";
import { forgeSource } from "../../../src/works/serve/source.ts";
import { openShop, type Shop } from "./shop.ts";

const digest = (letter: string): Digest => ({
  sha256: letter.repeat(64) as Sha256,
  md5: `${letter.repeat(32)}.dir` as Md5,
});

/** A server that says that it serves these bytes, or says anything else. */
async function serving(context: TestContext, answer: string, status = 200): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status, { location: "/" }).end(answer));
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  context.after(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answer = ({ sha256 }: Digest, version = "v1.0.0"): string =>
  JSON.stringify({ trainyard: { sha256, version } });

async function asked(
  shop: Shop,
  deploy: Readonly<Record<string, { readonly after?: string; readonly url?: string }>>,
  given: object = {},
): Promise<Result> {
  const contract = readFileSync("templates/wages/trainyard.yaml", "utf8").replace(
    "model: wages",
    "model: small",
  );
  const lines = Object.entries(deploy).map(
    ([name, target]) => `  ${name}: ${JSON.stringify({ to: "server", ...target })}`,
  );
  writeFileSync(join(shop.folder, "trainyard.yaml"), `${contract}\ndeploy:\n${lines.join("\n")}\n`);
  const inputs = {
    contract: undefined,
    environment: [],
    from: "checkout",
    repository: undefined,
    token: undefined,
  };
  return reconcile.run({ ...inputs, ...given } as never, shop.ports);
}

const standings = ({ json }: Result) =>
  (json as { servers: { environment: string; standing: string; why: string | null }[] }).servers.map(
    ({ environment, standing, why }) => [environment, standing, why] as const,
  );

describe("trainyard reconcile", () => {
  it("finds what is served as it is desired, whatever its version is called", async (context) => {
    const shop = await openShop(context);
    shop.desire(digest("a"), "v1.0.0");
    const result = await asked(shop, {
      production: { url: await serving(context, answer(digest("a"), "v1.0.1")) },
    });
    assert.deepEqual(standings(result), [["production", "as desired", null]]);
    assert.equal(result.exit, undefined);
    assert.match(
      result.text,
      /^production +small +v1\.0\.0 \(aaaaaaaaaaaa\) +v1\.0\.1 \(aaaaaaaaaaaa\) +as desired$/m,
    );
  });

  it("fails where other bytes are served, and asks nobody without an address", async (context) => {
    const shop = await openShop(context);
    shop.desire(digest("a"), "v1.0.0");
    const result = await asked(shop, {
      staging: {},
      production: { after: "staging", url: await serving(context, answer(digest("b"))) },
    });
    assert.deepEqual(standings(result), [
      ["staging", "not asked", "the contract names no `url` for it"],
      ["production", "differs", "v1.0.0 (bbbbbbbbbbbb) is served, and v1.0.0 (aaaaaaaaaaaa) is desired"],
    ]);
    assert.deepEqual([result.exit, result.outputs], [1, { differ: "1" }]);
    const only = await asked(
      shop,
      { staging: {}, production: { after: "staging" } },
      { environment: ["staging"] },
    );
    assert.deepEqual([standings(only).length, only.exit], [1, undefined]);
  });

  it("tells what is served and never was desired from a server that has nothing", async (context) => {
    const shop = await openShop(context);
    const wild = await asked(shop, { production: { url: await serving(context, answer(digest("b"))) } });
    assert.deepEqual([standings(wild)[0]?.[1], wild.exit], ["differs", 1]);
    const none = await asked(shop, { production: { url: await serving(context, "{}", 404) } });
    assert.deepEqual([standings(none)[0]?.[1], none.exit], ["nothing desired", undefined]);
  });

  it("believes no server more than its digest", async (context) => {
    const shop = await openShop(context);
    shop.desire(digest("a"));
    const hostile: readonly (readonly [string, number, RegExp])[] = [
      ["\u001b[2J<html>", 200, /does not say what it serves/],
      [answer(digest("a")), 302, /leads on to another address \(302\), which is not followed/],
      ["", 500, /answers 500/],
      [`${answer(digest("a"))}${" ".repeat(100_000)}`, 200, /answered with more than/],
    ];
    for (const [body, status, why] of hostile) {
      const result = await asked(shop, { production: { url: await serving(context, body, status) } });
      assert.deepEqual([standings(result)[0]?.[1], result.exit], ["unknown", 1]);
      assert.match(standings(result)[0]?.[2] ?? "", why);
      assert.ok(!result.text.includes("\u001b"));
    }
  });

  it("says that it does not know what is desired where GitHub cannot be asked", async (context) => {
    const shop = await openShop(context);
    const refuse = async () => {
      throw new UserError("GitHub does not take the token");
    };
    const ports = { ...shop.ports, forge: refuse };
    const result = await asked(
      { ...shop, ports },
      { production: {} },
      { from: "github", repository: "acme/small" },
    );
    assert.deepEqual(standings(result), [["production", "unknown", "GitHub does not take the token"]]);
    await assert.rejects(asked(shop, { production: {} }, { from: "github" }), { exit: 2 });
  });
});

const FOLLOWED = { repository: "acme/wages", environment: "production", by: [] };

describe("the deployments of a forge", () => {
  it("are followed where they were approved, of this model and environment alone", async () => {
    const world = memoryWorld();
    const forge = memoryForge(world);
    const main = commitTo(world, "main", { message: "begin", author: "ada", write: {}, remove: [] });
    const source = forgeSource(async () => forge, FOLLOWED);
    const deploy = async (payload: object, ...states: DeploymentStatus["state"][]): Promise<number> => {
      const { id } = await forge.deployments.create({
        ref: main,
        environment: "production",
        production: true,
        description: "",
        payload: { ...payload },
      });
      for (const state of states) await forge.deployments.status(id, { state, description: "" });
      return id;
    };
    const of = (letter: string, more: object = {}) => ({
      schema: "trainyard/deployment/1",
      model: "wages",
      folder: "",
      environment: "production",
      version: "v1.0.0",
      ...digest(letter),
      reason: "merged",
      ...more,
    });
    assert.equal(await source.wanted("wages"), undefined);
    const first = await deploy(of("a"), "in_progress", "success");
    await deploy(of("b", { model: "late" }), "success");
    await deploy(of("c"), "failure");
    await deploy(of("d")); // waits for somebody's approval
    await deploy(of("e", { environment: "staging" }), "success");
    await deploy(of("f", { sha256: "../../etc" }), "success");
    await deploy({}, "success"); // made by a job that names the environment
    assert.deepEqual(await source.wanted("wages"), {
      digest: digest("a"),
      version: "v1.0.0",
      deployment: first,
    });
    const next = await deploy(of("9"), "in_progress");
    assert.equal((await source.wanted("wages"))?.deployment, next);
    assert.deepEqual(await source.models(), ["late", "wages"]);
  });

  it("are only those of the accounts that are named, where some are", async () => {
    const world = memoryWorld();
    const main = commitTo(world, "main", { message: "begin", author: "ada", write: {}, remove: [] });
    const deployBy = async (speaker: Speaker, letter: string): Promise<number> => {
      const forge = memoryForge(world, speaker);
      const { id } = await forge.deployments.create({
        ref: main,
        environment: "production",
        production: true,
        description: "",
        payload: {
          ...{ schema: "trainyard/deployment/1", model: "wages", folder: "", environment: "production" },
          ...{ version: "v1.0.0", ...digest(letter), reason: "merged" },
        },
      });
      await forge.deployments.status(id, { state: "success", description: "" });
      return id;
    };
    const app = await deployBy({ login: "acme-trainyard[bot]", triggersWorkflows: true, kind: "app" }, "a");
    const bens = await deployBy({ login: "ben", triggersWorkflows: true, kind: "user" }, "b");
    const wanted = async (...by: string[]) =>
      (await forgeSource(async () => memoryForge(world), { ...FOLLOWED, by }).wanted("wages"))?.deployment;
    assert.equal(await wanted(), bens);
    assert.equal(await wanted("acme-trainyard[bot]"), app);
    assert.equal(await wanted("acme-trainyard[bot]", "ben"), bens);
    assert.equal(await wanted("eve"), undefined);
  });

  it("are asked for anew after a failure: the token may be another one", async () => {
    let opened = 0;
    const forge = memoryForge();
    const source = forgeSource(async () => {
      if (opened++ === 0) throw new UserError("GitHub does not take the token");
      return forge;
    }, FOLLOWED);
    await assert.rejects(source.wanted("wages"), /does not take the token/);
    assert.equal(await source.wanted("wages"), undefined);
    assert.equal(await source.wanted("wages"), undefined);
    assert.equal(opened, 2);
  });
});
