import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parseServed } from "../../../src/core/deployments/served.ts";
import { openBundle } from "../../../src/works/bundles.ts";
import { checkoutSource } from "../../../src/works/serve/source.ts";
import { logged, openShop, predict, ROWS, textAt, until } from "./shop.ts";

const servedAt = async (url: string) => parseServed(await textAt(`${url}/v1/models/small`));

describe("trainyard serve", () => {
  it("answers over HTTP with the bits that the opened model gives for the same rows", async (context) => {
    const shop = await openShop(context);
    shop.desire(await shop.make(), "v1.0.0");
    const { url } = await shop.open();

    const csv = ROWS.map((row) =>
      Object.values(row)
        .map((value) => value ?? "")
        .join(","),
    );
    writeFileSync(join(shop.folder, "rows.csv"), `${Object.keys(ROWS[0]).join(",")}\n${csv.join("\n")}\n`);
    const engine = await shop.ports.engine();
    await engine.load("rows", {
      paths: [join(shop.folder, "rows.csv")],
      format: "csv",
    });
    shop.write(join(shop.folder, "opened"));
    const opened = await openBundle(shop.ports, engine, join(shop.folder, "opened"));
    const table = await engine.table('SELECT * REPLACE (CAST("at" AS TIMESTAMP) AS "at") FROM rows');
    assert.deepEqual(
      [...table.columns].map(([name, { kind }]) => `${name}: ${kind}`),
      ["a: number", "city: text", "member: boolean", "at: time", "gender: text"],
    );
    const expected = [...(await opened.score(table))];
    await opened.close();

    assert.equal(new Set(expected).size, ROWS.length);
    assert.deepEqual((await predict(url, { instances: ROWS })).body, { predictions: expected });
    for (const [index, row] of ROWS.entries()) {
      assert.deepEqual((await predict(url, { instances: [row] })).body, { predictions: [expected[index]] });
    }
    const columns = Object.fromEntries(
      Object.keys(ROWS[0]).map((name) => [name, ROWS.map((row) => row[name as "a"])]),
    );
    assert.deepEqual((await predict(url, { inputs: columns })).body, { outputs: expected });
  });

  it("says what it serves, and how rows look", async (context) => {
    const shop = await openShop(context);
    const digest = await shop.make({ classes: ["x", "y", "z"] });
    shop.desire(digest, "v1.2.0");
    const { url } = await shop.open();
    assert.deepEqual(await servedAt(url), { sha256: digest.sha256, version: "v1.2.0" });
    const status = JSON.parse(await textAt(`${url}/v1/models/small/versions/v1.2.0`));
    assert.deepEqual(status.model_version_status, [
      { version: "v1.2.0", state: "AVAILABLE", status: { error_code: "OK", error_message: "" } },
    ]);
    const metadata = JSON.parse(await textAt(`${url}/v1/models/small/labels/production/metadata`));
    const { inputs, outputs } = metadata.metadata.signature_def.signature_def.serving_default;
    assert.deepEqual(Object.keys(inputs), ["a", "city", "member", "at", "gender"]);
    assert.equal(inputs.member.dtype, "DT_BOOL");
    assert.deepEqual(outputs.score.tensor_shape.dim, [
      { size: "-1", name: "" },
      { size: "3", name: "" },
    ]);
    const { predictions } = (await predict(url, { instances: [ROWS[0]] })).body as {
      predictions: number[][];
    };
    assert.equal(predictions[0]?.length, 3);
    const ready = await fetch(`${url}/readyz`);
    assert.deepEqual([ready.status, ((await ready.json()) as { ready: boolean }).ready], [200, true]);
    assert.equal(await textAt(`${url}/healthz`), "ok\n");
    assert.match(await textAt(`${url}/metrics`), /^trainyard_predictions_total\{model="small"\} 1$/m);
  });

  it("answers what cannot be answered in the protocol's own words, and goes on", async (context) => {
    const shop = await openShop(context);
    shop.desire(await shop.make());
    const { url } = await shop.open();
    const [row] = ROWS;
    const { at: _, ...without } = row;
    const cases: readonly (readonly [unknown, RegExp])[] = [
      ["", /^JSON Parse error: The document is empty$/],
      ['{"instances": [', /^JSON Parse error: Invalid value\. at offset: 15$/],
      ["[".repeat(200_000), /^JSON Parse error: Invalid value\. at offset: 200000$/],
      ["[1]", /^JSON Value: Is not object$/],
      [{}, /^Missing 'inputs' or 'instances' key$/],
      [{ instances: [row], inputs: {} }, /only one of/],
      [{ instances: [] }, /^No values in 'instances' array$/],
      [{ instances: [1, 2] }, /^instances is a plain list, but expecting list of objects/],
      [{ instances: [row, 7] }, /^Expecting object but got value\/list at item 1 of input list$/],
      [{ instances: [without] }, /element: 0 of 'instances' list.*does not have "at"/],
      [{ instances: [{ ...row, wage: 1 }] }, /key: "wage" of 'instances' list.*does not have named input/],
      [{ instances: [{ ...row, a: "1" }] }, /key: a of .*Expecting a number, but got a string$/],
      [{ instances: [{ ...row, a: [1] }] }, /Expecting a number, but got a list$/],
      [{ instances: [{ ...row, member: 1 }] }, /Expecting true or false, but got a number$/],
      [{ instances: [{ ...row, at: "tomorrow" }] }, /Expecting a time in UTC/],
      [{ instances: [{ ...row, at: null }] }, /feature "at_month" has no value in the row; give "at"/],
      [{ inputs: { a: [1] } }, /^Missing named input: city in 'inputs' object\.$/],
      [{ inputs: { a: [1], city: ["x", "y"] } }, /unexpected size: 2 for input: city expected size: 1$/],
      [{ signature_name: "other", instances: [row] }, /^Serving signature name: "other" not found/],
      [
        { instances: Array.from({ length: 10_001 }, () => row) },
        /^'instances' has 10001 rows; a request may have 10000/,
      ],
    ];
    for (const [body, error] of cases) {
      const answered = await predict(url, body);
      assert.equal(answered.status, 400, JSON.stringify(body).slice(0, 80));
      assert.match(String(answered.body.error), error);
      assert.deepEqual(Object.keys(answered.body), ["error"]);
    }
    const nan = JSON.stringify({ instances: [row] });
    assert.equal((await predict(url, nan.replace("1.5", "NaN"))).status, 200); // NaN is missing, and filled
    assert.equal((await predict(url, nan.replace("1.5", "-Infinity"))).status, 200);
    assert.equal((await predict(url, nan.replace("1.5", "-NaN"))).status, 400);

    assert.deepEqual(
      [(await predict(url, {}, {}, "other")).status, (await predict(url, {}, {}, "__proto__")).status],
      [404, 404],
    );
    assert.deepEqual((await predict(url, {}, {}, "other")).body, {
      error: "Servable not found for request: Latest(other)",
    });
    assert.equal((await fetch(`${url}/v1/models/other`)).status, 404);
    assert.equal((await fetch(`${url}/v1/models/small/versions/v9.9.9`)).status, 404);
    assert.equal(
      (await fetch(`${url}/v1/models/small:classify`, { method: "POST", body: "{}" })).status,
      501,
    );
    assert.equal((await fetch(`${url}/../../etc/passwd`)).status, 400);
    assert.equal((await predict(url, { instances: [row] })).status, 200);
  });

  it("serves all models of the environment, each with its own log", async (context) => {
    const shop = await openShop(context);
    shop.desire(await shop.make({ seed: 1 }), "v1.0.0");
    shop.desire(await shop.make({ seed: 2, name: "large" }), "v7.0.0", "large");
    const log = join(shop.folder, "log");
    const server = await shop.open({ log });
    const small = await predict(server.url, { instances: ROWS });
    const large = await predict(server.url, { instances: ROWS }, {}, "large");
    assert.deepEqual([small.status, large.status], [200, 200]);
    assert.notDeepEqual(small.body, large.body);
    const { models } = await server.stop();
    assert.deepEqual(models, ["large", "small"]);
    assert.deepEqual(readdirSync(log).sort(), ["large", "small"]);
    assert.deepEqual(new Set(logged(join(log, "large")).map(({ version }) => version)), new Set(["v7.0.0"]));
  });

  it("has nothing to say until something is deployed, and then serves it", async (context) => {
    const shop = await openShop(context);
    const { url } = await shop.open({ models: ["small"] });
    assert.equal((await fetch(`${url}/readyz`)).status, 503);
    assert.equal((await predict(url, { instances: ROWS })).status, 503);
    assert.equal(await servedAt(url), undefined);
    shop.desire(await shop.make());
    await until(async () => (await fetch(`${url}/readyz`)).status === 200 || undefined);
    await assert.rejects(shop.open({ source: checkoutSource(shop.workspace, "staging") }), /name no model/);
  });

  it("logs what the model's reference compares, and nothing that is personal", async (context) => {
    const shop = await openShop(context);
    shop.desire(await shop.make(), "v1.0.0");
    const log = join(shop.folder, "log");
    const server = await shop.open({ log });
    const named = await predict(server.url, { instances: ROWS }, { "inference-id": "order-17" });
    assert.equal(named.id, "order-17");
    const ours = await predict(server.url, { instances: [ROWS[1]] }, { "ce-id": "two words" });
    assert.match(ours.id ?? "", /^[0-9a-f-]{36}$/);
    await predict(server.url, { instances: [{ ...ROWS[0], a: "x" }] });
    const { log: counts } = await server.stop();
    assert.deepEqual([counts?.written, counts?.dropped], [5, 0]);

    const lines = logged(log);
    assert.deepEqual(
      lines.map(({ id }) => id),
      ["order-17-0", "order-17-1", "order-17-2", "order-17-3", ours.id],
    );
    assert.deepEqual(lines[0]?.inputs, { a: 1.5, city: "Bonn", at: "2026-01-31T07:00:00.000Z" });
    assert.deepEqual(lines[3]?.inputs, { a: null, city: "elsewhere", at: "2026-02-28T00:00:00.000Z" });
    assert.deepEqual(Object.keys(lines[4] ?? {}), [
      ..."id at model version sha256 environment inputs score decision ms".split(" "),
    ]);
    const { predictions } = named.body as { predictions: number[] };
    for (const [row, score] of predictions.entries()) {
      assert.equal(lines[row]?.score, score);
      assert.equal(lines[row]?.decision, score >= 0.5 ? "yes" : "no");
    }
    const [day] = readdirSync(join(log, "small"));
    assert.equal(String(lines[0]?.at).slice(0, 10), day);
  });

  it("logs scores alone where the model has no reference", async (context) => {
    const shop = await openShop(context);
    shop.desire(await shop.make({ reference: {} }));
    const log = join(shop.folder, "log");
    const server = await shop.open({ log });
    await predict(server.url, { instances: ROWS });
    await server.stop();
    assert.deepEqual(
      logged(log).map(({ inputs }) => inputs),
      [{}, {}, {}, {}],
    );
    assert.ok(shop.said.some((line) => /has no reference\.json, so that its log holds scores/.test(line)));
  });
});
