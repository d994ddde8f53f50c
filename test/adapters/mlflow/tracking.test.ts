import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { diskFiles } from "../../../src/adapters/files/disk.ts";
import { mlflowTracking } from "../../../src/adapters/mlflow/tracking.ts";
import type { Experiment } from "../../../src/core/experiments/record.ts";
import type { Tracking } from "../../../src/ports/tracking.ts";
import { exportMlflow } from "../../../src/works/experiments/export-mlflow.ts";
import { importMlflow } from "../../../src/works/experiments/import-mlflow.ts";
import { silent, temporaryFolder } from "../../artifacts/temporary.ts";
import { made, metric } from "../../core/experiments/made.ts";
import { openServer, type Server } from "./server.ts";

const SECRET = "s3cr3t-t0ken";

function open(
  uri: string | undefined,
  environment: Record<string, string> = {},
  stop = new AbortController(),
): Tracking {
  return mlflowTracking({ uri, signal: stop.signal, pause: 1 }, environment);
}

const EVIL = `na<me/../"'\`\u202e`;
const one = made({
  params: { epochs: 5, flag: true, none: null, "hidden.0": 16, [EVIL]: "x".repeat(9000), word: "007x" },
  metrics: [
    { ...metric("roc_auc", 0.8), interval: { low: 0.7, high: 0.9, confidence: 0.9 }, baseline: 0.75 },
    { ...metric("bad", null), reason: "NaN" },
    metric("unknown", null),
    metric("large", 1e300),
  ],
  gates: [{ condition: "roc_auc >= 0.8", verdict: "warn" }],
  curves: [{ name: "loss", points: Array.from({ length: 1200 }, (_, step) => [step, 1 / (step + 1)]) }],
  tags: Object.fromEntries(Array.from({ length: 150 }, (_, tag) => [`${EVIL}${tag}`, "y".repeat(9000)])),
});
const two = made({ params: { epochs: 9 }, status: "failed", message: "it broke" });

const light = made({
  params: { epochs: 5 },
  metrics: [metric("roc_auc", 0.8)],
  curves: [
    {
      name: "loss",
      points: [
        [1, 2],
        [2, 1],
      ],
    },
  ],
});

const exported = (tracking: Tracking, experiments: readonly Experiment[] = [one, two]) =>
  exportMlflow(tracking, experiments, { name: "wages", dryRun: false, pause: 1 });

async function importing(tracking: Tracking, known: readonly Experiment[] = []) {
  const folder = temporaryFolder();
  const files = diskFiles(folder, silent());
  return importMlflow(
    tracking,
    { files, folder },
    { name: "wages", model: "wages", below: ".", known, dryRun: false },
  );
}

describe("experiments at a tracking server", () => {
  it("are exported once, within its limits, and come back as they were", async (context) => {
    const server = await openServer(context);
    const outcomes = await exported(open(server.uri));
    assert.deepEqual(
      outcomes.map(({ outcome }) => outcome),
      ["exported", "exported"],
    );
    assert.equal(server.runs.size, 2);
    const again = await exported(open(`${server.uri}/`));
    assert.deepEqual(
      again.map(({ outcome }) => outcome),
      ["there already", "there already"],
    );
    assert.equal(server.runs.size, 2);
    assert.equal([...server.runs.values()][0]?.metrics.get("loss")?.length, 1200);

    const { imported, there } = await importing(open(server.uri));
    assert.equal(there, 0);
    const back = imported.find(({ id }) => id === one.id);
    assert.ok(back !== undefined, "under its own id");
    const { [EVIL]: _, ...params } = one.params;
    for (const [name, value] of Object.entries(params)) assert.equal(back.params[name], value, name);
    assert.deepEqual(
      back.metrics.find(({ name }) => name === "roc_auc"),
      one.metrics[0],
    );
    assert.equal(back.metrics.find(({ name }) => name === "bad")?.reason, "NaN");
    assert.deepEqual(back.curves[0]?.points, one.curves[0]?.points);
    assert.deepEqual(back.gates, one.gates);
    assert.equal(imported.find(({ id }) => id === two.id)?.status, "failed");
    assert.equal((await importing(open(server.uri), [one, two])).there, 2);
    assert.equal((await importing(open(server.uri), imported)).there, 2);
  });

  it("are gone on with where an export was broken off, at whatever request", async (context) => {
    const whole = await openServer(context);
    await exported(open(whole.uri), [light]);
    for (let stop = 1; stop < whole.heard.length; stop += 1) {
      const server = await openServer(context);
      server.instead = (_, count) =>
        count >= stop ? { status: 400, text: '{"error_code":"INTERNAL"}' } : undefined;
      await assert.rejects(exported(open(server.uri), [light]), /refuses/);
      server.instead = () => undefined;
      await exported(open(server.uri), [light]);
      assert.deepEqual(states(server), states(whole), `broken off at request ${stop}`);
    }
  });

  it("are there once where answers are lost, the server is busy, or two export at once", async (context) => {
    const whole = await openServer(context);
    await exported(open(whole.uri), [light, two]);
    const server = await openServer(context);
    const tried = new Map<string, number>();
    server.instead = ({ path }) => {
      const count = (tried.get(path) ?? 0) + 1;
      tried.set(path, count);
      if (count % 4 === 1) return "drop";
      if (count % 4 === 2) return { status: 503, text: "busy", headers: { "retry-after": "0.001" } };
      return undefined;
    };
    await exported(open(server.uri), [light, two]);
    assert.deepEqual(states(server), states(whole));
    const both = await openServer(context);
    await Promise.all([exported(open(both.uri), [light, two]), exported(open(both.uri), [light, two])]);
    assert.deepEqual(states(both), states(whole));
  });
});

/** What is at a server, but for ids that it gives. */
const states = ({ runs }: Server): unknown =>
  [...runs.values()]
    .map(({ id: _, params, tags, metrics, ...rest }) => ({
      ...rest,
      params: [...params],
      tags: [...tags],
      metrics: [...metrics].map(([key, values]) => [key, values.length]),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

describe("a tracking server", () => {
  const refused = async (
    context: TestContext,
    status: number,
    text: string,
    message: RegExp,
    headers = {},
  ) => {
    const server = await openServer(context);
    server.instead = () => ({ status, text, headers });
    const tracking = open(server.uri, { MLFLOW_TRACKING_TOKEN: SECRET });
    await assert.rejects(exported(tracking), (error: Error) => {
      assert.match(error.message, message);
      assert.ok(!error.message.includes(SECRET), "a secret stands in no message");
      assert.doesNotMatch(error.message, /[\p{Cc}\u202e]/u);
      return true;
    });
    return server;
  };

  it("that is none, or hostile, is told in one sentence", async (context) => {
    await refused(
      context,
      200,
      "<html>login</html>",
      /answers experiments\/get-by-name as no MLflow tracking server does/,
    );
    await refused(
      context,
      200,
      '{"experiment":{"experiment_id":"../../x"}}',
      /as no MLflow tracking server does/,
    );
    await refused(context, 404, "<html>", /answers experiments\/get-by-name with 404; is it an MLflow/);
    await refused(context, 403, `no ${SECRET}`, /refuses with 403; set MLFLOW_TRACKING_USERNAME/);
    await refused(
      context,
      400,
      `{"error_code":"BAD","message":"a\u202eb\\u001b[31m"}`,
      /refuses experiments\/get-by-name: a�b�\[31m/,
    );
    await refused(context, 500, "oops", /did not answer experiments\/get-by-name \(500/);
    const led = await refused(context, 302, "", /leads on to http:\/\/evil\.example; name that address/, {
      location: `http://evil.example/${SECRET}`,
    });
    assert.equal(led.heard.length, 1, "and it is not followed");
  });

  it("that names pages without end is left", async (context) => {
    const server = await openServer(context);
    await exported(open(server.uri), []);
    server.instead = ({ path }) =>
      path === "runs/search" ? { status: 200, text: '{"runs":[],"next_page_token":"again"}' } : undefined;
    await assert.rejects(importing(open(server.uri)), /the same page of runs again and again/);
  });

  it("that names empty pages without end is left, of runs and of a metric's values", async (context) => {
    const server = await openServer(context);
    await exported(open(server.uri), []);
    let token = 0;
    server.instead = ({ path }) => {
      token += 1;
      if (path === "runs/search") return { status: 200, text: `{"runs":[],"next_page_token":"t${token}"}` };
      if (path !== "metrics/get-history") return undefined;
      return { status: 200, text: `{"metrics":[],"next_page_token":"t${token}"}` };
    };
    await assert.rejects(importing(open(server.uri)), /names ever more pages of runs/);
    const before = server.heard.length;
    assert.deepEqual(await open(server.uri).history("r", "m", 1e6), []);
    assert.ok(server.heard.length - before <= 10, String(server.heard.length - before));
    server.instead = () => ({ status: 200, text: '{"metrics":[],"next_page_token":"again"}' });
    assert.deepEqual(await open(server.uri).history("r", "m", 1e6), []);
  });

  it("that puts far more values on a page than were asked for is read all the same", async (context) => {
    const server = await openServer(context);
    const value = { key: "m", value: 1, timestamp: "1", step: "1" };
    const text = JSON.stringify({ metrics: Array.from({ length: 200_000 }, () => value) });
    server.instead = () => ({ status: 200, text });
    assert.equal((await open(server.uri).history("r", "m", 1000)).length, 1000);
  });

  it("whose runs hold anything gives experiments that a file can hold", async (context) => {
    const server = await openServer(context);
    await exported(open(server.uri), []);
    const run = {
      info: { run_id: "r1", run_name: EVIL, status: "FINISHED", start_time: "9999999999999999", end_time: 3 },
      data: {
        params: [{ key: "__proto__", value: "1" }, { key: "n", value: "1e999" }, { key: "empty" }],
        metrics: [
          { key: "m", value: "Infinity" },
          { key: "max", value: 1.7976931348623157e308 },
          { key: "constructor", value: null },
        ],
        tags: [
          { key: "trainyard.id", value: "../../../etc/passwd" },
          { key: "mlflow.source.git.commit", value: "main; rm" },
          { key: "trainyard.verdict", value: "root" },
        ],
      },
    };
    server.instead = ({ path }) =>
      path === "runs/search" ? { status: 200, text: JSON.stringify({ runs: [run] }) } : undefined;
    const { imported } = await importing(open(server.uri));
    const [found] = imported;
    assert.match(found?.id ?? "", /^99991231T000000Z-[0-9a-f]{10}$/);
    assert.equal(found?.commit, null);
    assert.equal(found?.verdict, null);
    assert.deepEqual(
      found?.metrics.map(({ name, value, reason }) => [name, value, reason]),
      [
        ["m", null, "Infinity"],
        ["max", null, "Infinity"],
        ["constructor", null, "NaN"],
      ],
    );
    assert.equal(found?.params.n, "1e999");
  });

  it("is told who asks as MLflow's own client tells it", async (context) => {
    const server = await openServer(context);
    const asked = async (uri: string | undefined, environment: Record<string, string>) => {
      await open(uri, environment).experiment("x");
      return server.heard.at(-1)?.authorization;
    };
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;
    const login = { MLFLOW_TRACKING_USERNAME: "ada", MLFLOW_TRACKING_PASSWORD: "pw" };
    assert.equal(await asked(server.uri, {}), undefined);
    assert.equal(await asked(undefined, { MLFLOW_TRACKING_URI: server.uri, ...login }), basic("ada:pw"));
    assert.equal(await asked(server.uri, { MLFLOW_TRACKING_TOKEN: "t" }), "Bearer t");
    assert.equal(await asked(server.uri, { ...login, MLFLOW_TRACKING_TOKEN: "t" }), basic("ada:pw"));
    const inside = server.uri.replace("//", "//bob:p%40w@");
    assert.equal(await asked(inside, {}), basic("bob:p@w"));
    assert.equal(open(inside).address, server.uri, "and shows none of it");
    assert.equal(await asked(server.uri, { MLFLOW_TRACKING_TOKEN: "t\n" }), "Bearer t");
    for (const uri of [undefined, "", "sqlite:///x.db", "databricks", "//x"]) {
      assert.throws(() => open(uri), { exit: 2 });
    }
  });

  it("is told no token that is none, and no message shows a part of it", () => {
    for (const token of [`${SECRET}\nsecond`, `${SECRET}\u0000x`, `${SECRET} x`, `${SECRET}\u00e9`]) {
      assert.throws(
        () => open("http://127.0.0.1:9", { MLFLOW_TRACKING_TOKEN: token }),
        (error: Error & { exit?: number }) =>
          error.exit === 2 &&
          error.message === "MLFLOW_TRACKING_TOKEN does not hold a token: it has spaces or line ends",
      );
    }
    assert.throws(
      () => open(`http://%zz:${SECRET}@127.0.0.1:9`),
      (error: Error & { exit?: number }) =>
        error.exit === 2 &&
        /not percent-encoded; write %25 for %/.test(error.message) &&
        !error.message.includes(SECRET),
    );
  });
});
