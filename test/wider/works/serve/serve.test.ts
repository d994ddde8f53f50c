import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Digest } from "../../../../src/core/artifacts/digest.ts";
import { parseServed } from "../../../../src/core/deployments/served.ts";
import { UserError } from "../../../../src/errors.ts";
import type { Source } from "../../../../src/works/serve/source.ts";
import { logged, openShop, predict, ROWS, textAt, until } from "../../../works/serve/shop.ts";

const servedAt = async (url: string) => parseServed(await textAt(`${url}/v1/models/small`));

/** The digest of other bytes. */
const other = (digest: string): string => digest.replace(/^./, (first) => (first === "0" ? "1" : "0"));

describe("trainyard serve, for a while", () => {
  it("serves other bytes without failing a request, while requests come", async (context) => {
    const shop = await openShop(context);
    const [one, two] = [await shop.make({ seed: 1 }), await shop.make({ seed: 2 })];
    shop.desire(one, "v1.0.0");
    const server = await shop.open({ log: join(shop.folder, "log") });
    const first = (await predict(server.url, { instances: ROWS })).body.predictions;
    let going = true;
    const seen: string[] = [];
    const caller = async (): Promise<void> => {
      while (going) {
        const { status, body } = await predict(server.url, { instances: ROWS });
        assert.equal(status, 200, JSON.stringify(body));
        seen.push(JSON.stringify(body.predictions));
      }
    };
    const callers = Array.from({ length: 4 }, caller);
    for (const [digest, version] of [
      [two, "v2.0.0"],
      [one, "v1.0.0"],
      [two, "v2.0.0"],
    ] as [Digest, string][]) {
      shop.desire(digest, version);
      await until(async () => (await servedAt(server.url))?.sha256 === digest.sha256 || undefined);
    }
    going = false;
    await Promise.all(callers);
    const second = (await predict(server.url, { instances: ROWS })).body.predictions;
    assert.notDeepEqual(second, first);
    assert.deepEqual([...new Set(seen)].sort(), [first, second].map((one) => JSON.stringify(one)).sort());

    const { requests, cut } = await server.stop();
    assert.ok(requests > seen.length);
    assert.equal(cut, 0);
    const lines = logged(join(shop.folder, "log"));
    assert.equal(lines.length, (seen.length + 2) * ROWS.length);
    // Each row was logged with the version whose bytes answered.
    const scores = new Map<string, Set<unknown>>();
    for (const { version, score } of lines) {
      scores.set(String(version), (scores.get(String(version)) ?? new Set()).add(score));
    }
    assert.deepEqual(scores.get("v1.0.0"), new Set(first as number[]));
    assert.deepEqual(scores.get("v2.0.0"), new Set(second as number[]));
  });

  it("keeps serving where the store is away, the bytes are others, or no model, and says so", async (context) => {
    const shop = await openShop(context);
    const good = await shop.make({ seed: 1 });
    const next = await shop.make({ seed: 2 });
    shop.desire(good, "v1.0.0");
    const { url } = await shop.open();
    const trouble = async (): Promise<string | undefined> => {
      const { models } = JSON.parse(await textAt(`${url}/readyz`));
      return models[0].trouble ?? undefined;
    };
    const stays = async (digest: Digest, why: RegExp): Promise<void> => {
      shop.desire(digest, "v2.0.0");
      const said = await until(async () => {
        const found = await trouble();
        return found !== undefined && why.test(found) ? found : undefined;
      });
      assert.match(said, why);
      assert.equal((await fetch(`${url}/readyz`)).status, 200);
      assert.equal((await servedAt(url))?.sha256, good.sha256);
      assert.equal((await predict(url, { instances: ROWS })).status, 200);
    };
    await stays({ md5: next.md5, sha256: other(good.sha256) as Digest["sha256"] }, /which nobody approved/);
    await stays(
      await shop.make({ kind: "predictions" }),
      /is a file of predictions, which answers for the holdout/,
    );
    await stays(await shop.make({ name: "other" }), /are of the model "other", not of "small"/);
    shop.away(true);
    const lost = { md5: other(next.md5) as Digest["md5"], sha256: next.sha256 };
    await stays(lost, /is not in .*store/);
    shop.away(false);
    const status = JSON.parse(await textAt(`${url}/v1/models/small`));
    assert.deepEqual(
      status.model_version_status.map(({ state }: { state: string }) => state),
      ["AVAILABLE", "END"],
    );
    assert.ok(shop.said.some((line) => /v1\.0\.0, sha256 [0-9a-f]{12} goes on serving/.test(line)));
    shop.desire(good, "v1.0.0");
    await until(async () => (await trouble()) === undefined || undefined);
    shop.desire(next, "v2.0.0");
    await until(async () => (await servedAt(url))?.sha256 === next.sha256 || undefined);
  });

  it("starts with what it served last where nobody can be asked", async (context) => {
    const shop = await openShop(context);
    const digest = await shop.make();
    shop.desire(digest, "v1.0.0");
    await (await shop.open()).stop();
    shop.away(true);
    const source: Source = {
      name: "the deployments of acme/wages",
      wanted: async () => {
        throw new UserError("GitHub does not take the token");
      },
      models: async () => {
        throw new UserError("GitHub does not take the token");
      },
    };
    const { url } = await shop.open({ source });
    assert.equal((await servedAt(url))?.sha256, digest.sha256);
    assert.equal((await predict(url, { instances: ROWS })).status, 200);
    assert.match(
      await textAt(`${url}/readyz`),
      /it is not known what is to be served: GitHub does not take the token/,
    );
    assert.match(await textAt(`${url}/metrics`), /^trainyard_model_trouble\{model="small"\} 1$/m);
  });

  it("gives the same bytes their version without opening them again", async (context) => {
    const shop = await openShop(context);
    const digest = await shop.make();
    shop.desire(digest);
    const { url } = await shop.open();
    const before = await servedAt(url);
    assert.equal(before?.version, undefined);
    shop.desire(digest, "v1.0.0");
    await until(async () => (await servedAt(url))?.version);
    assert.equal(shop.said.filter((line) => line.startsWith("small: serves")).length, 1);
  });

  it("answers while the log cannot be written, and writes it when it can", async (context) => {
    const shop = await openShop(context);
    shop.desire(await shop.make());
    const log = join(shop.folder, "log");
    mkdirSync(log);
    writeFileSync(join(log, "small"), "a file where the folder should be");
    const server = await shop.open({ log });
    assert.equal((await predict(server.url, { instances: ROWS })).status, 200);
    await until(
      async () =>
        /^trainyard_log_failures_total [1-9]/m.test(await textAt(`${server.url}/metrics`)) || undefined,
    );
    assert.equal((await predict(server.url, { instances: ROWS })).status, 200);
    assert.ok(shop.said.some((line) => /the prediction log cannot be written/.test(line)));
    rmSync(join(log, "small"));
    const { log: counts } = await server.stop();
    assert.deepEqual([counts?.written, counts?.dropped], [8, 0]);
    assert.equal(logged(log).length, 8);
  });
});
