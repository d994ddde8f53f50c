import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, describe, it } from "node:test";
import { openEndpoint } from "../../../../src/adapters/models/endpoint/model.ts";
import type { Limits } from "../../../../src/adapters/models/endpoint/request.ts";
import type { Recipe } from "../../../../src/core/features/recipe.ts";
import type { Bundle } from "../../../../src/core/models/bundle.ts";
import { readAnswer } from "../../../../src/core/models/endpoint/answer.ts";
import { predictAnswer } from "../../../../src/core/serving/answers.ts";
import { metadataAnswer } from "../../../../src/core/serving/metadata.ts";
import { parsePredict } from "../../../../src/core/serving/predict-body.ts";
import type { Column, Table } from "../../../../src/core/tables/column.ts";
import { UserError } from "../../../../src/errors.ts";
import type { ModelExpectation } from "../../../../src/ports/model.ts";

type Handler = (body: unknown, asked: IncomingMessage, answer: ServerResponse) => unknown;

const closing: (() => void)[] = [];
after(() => {
  for (const close of closing) close();
});

/** A server of models on the loopback: what the handler returns is sent as JSON, text as it is. */
async function serverOf(
  handler: Handler,
  metadata?: unknown,
): Promise<{ url: string; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server = createServer(async (request, answer) => {
    asked.push(request);
    if (request.method === "GET") {
      answer.statusCode = metadata === undefined ? 404 : 200;
      return void answer.end(JSON.stringify(metadata ?? { error: "no metadata" }));
    }
    let text = "";
    for await (const chunk of request) text += chunk;
    const said = await handler(JSON.parse(text), request, answer);
    if (!answer.writableEnded && said !== undefined)
      answer.end(typeof said === "string" ? said : JSON.stringify(said));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const number = (values: number[]): Column => ({ kind: "number", values: Float64Array.from(values) });
const table: Table = {
  rows: 5,
  columns: new Map<string, Column>([
    ["x", number([0, 0.1, 0.2, 0.3, 0.4])],
    ["job", { kind: "text", words: ["cook", "clerk"], codes: Int32Array.of(0, 1, 1, 0, -1) }],
    ["union", { kind: "boolean", values: Float64Array.of(1, 0, 1, 0, 1) }],
  ]),
};
const numbers: Table = {
  rows: 5,
  columns: new Map([
    ["x", number([0, 0.1, 0.2, 0.3, 0.4])],
    ["y", number([1, 1, 1, 1, 1])],
  ]),
};
const binary: ModelExpectation = { task: "binary-classification", outputs: 1, classes: ["no", "yes"] };

const open = (
  url: string,
  expects: ModelExpectation = binary,
  limits: Partial<Limits> = {},
  variables: Readonly<Record<string, string>> = {},
) =>
  openEndpoint(url, expects, {
    variable: (name) => variables[name],
    signal: new AbortController().signal,
    limits: { pauses: [1, 1], ...limits },
  });

const V1 = "/v1/models/m:predict";
const V2 = "/v2/models/m/infer";
interface Instances {
  readonly instances: readonly Record<string, number>[];
}
interface Inputs {
  readonly inputs: {
    readonly name: string;
    readonly shape: number[];
    readonly datatype: string;
    readonly data: number[];
  }[];
  readonly outputs?: unknown;
}

describe("a model behind TensorFlow Serving's protocol", () => {
  it("is asked with rows of named columns, in batches, and answers in the rows' order", async () => {
    const bodies: Instances[] = [];
    const { url } = await serverOf((body) => {
      bodies.push(body as Instances);
      const { instances } = body as Instances;
      const wait = instances[0]!.x! < 0.2 ? 30 : 0; // the first batch answers last
      return new Promise((resolve) =>
        setTimeout(() => resolve({ predictions: instances.map(({ x }) => x) }), wait),
      );
    });
    const model = await open(url + V1, { ...binary, endpoint: { batch: 2 } });
    const { values, outputs } = await model.predictColumns!(table);
    assert.deepEqual([...values], [0, 0.1, 0.2, 0.3, 0.4]);
    assert.equal(outputs, 1);
    assert.deepEqual(bodies.map(({ instances }) => instances.length).sort(), [1, 2, 2]);
    const all = bodies.flatMap(({ instances }) => instances).sort((a, b) => a.x! - b.x!);
    assert.deepEqual(all[0], { x: 0, job: "cook", union: true });
    assert.deepEqual(all[4], { x: 0.4, job: null, union: true });
  });

  it("is asked with lists of one where its inputs are of shape [rows, 1]", async () => {
    let asked: unknown;
    const input = (...sizes: string[]) => ({ tensor_shape: { dim: sizes.map((size) => ({ size })) } });
    const inputs = { x: input("-1", "1"), job: input("-1") };
    const { url } = await serverOf(
      (body) => {
        asked = body;
        return { predictions: [[0.1], [0.2], [0.3], [0.4], [0.5]] };
      },
      { metadata: { signature_def: { signature_def: { serving_default: { inputs } } } } },
    );
    const { values } = await (await open(`${url}/v1/models/m`)).predictColumns!(table);
    assert.deepEqual([...values], [0.1, 0.2, 0.3, 0.4, 0.5]);
    assert.deepEqual((asked as { instances: unknown[] }).instances[1], { x: [0.1], job: "clerk" });
  });

  it("is asked with one matrix, and its two classes' probabilities are read", async () => {
    let asked: unknown;
    const { url } = await serverOf((body) => {
      asked = body;
      return {
        predictions: [
          [0.25, 0.75],
          [1, 0],
        ],
      };
    });
    const model = await open(url + V1, { ...binary, width: 2 });
    const { values } = await model.predict(Float32Array.of(1, 2, 3, Number.NaN), 2);
    assert.deepEqual([...values], [0.75, 0]);
    assert.deepEqual(asked, {
      instances: [
        [1, 2],
        [3, null],
      ],
    });
  });

  it("is read by the names of its classes, where the server is Trainyard's", async () => {
    const metadata = { trainyard: { classes: ["yes", "no"] } };
    const { url } = await serverOf(() => ({ predictions: [0.25, 0.25, 0.25, 0.25, 1] }), metadata);
    assert.deepEqual(
      [...(await (await open(url + V1)).predictColumns!(table)).values],
      [0.75, 0.75, 0.75, 0.75, 0],
    );
  });

  it("is asked as `trainyard serve` wants it, and answers as that does", async () => {
    const inputs: Recipe["inputs"] = [
      { name: "x", kind: "number" },
      { name: "job", kind: "text" },
      { name: "union", kind: "boolean" },
    ];
    const bundle = {
      model: "m",
      task: "binary-classification",
      label: "y",
      classes: ["no", "yes"],
      threshold: 0.5,
    };
    const metadata = metadataAnswer(
      bundle as unknown as Bundle,
      { inputs } as unknown as Recipe,
      1,
      "v1.0.0",
    );
    const { url } = await serverOf((body) => {
      const { table: rows, format } = parsePredict(JSON.stringify(body), inputs);
      const x = rows.columns.get("x") as { values: Float64Array };
      assert.deepEqual([...rows.columns.keys()], ["x", "job", "union"]);
      return predictAnswer(format, { rows: rows.rows, outputs: 1, scores: x.values });
    }, JSON.parse(metadata));
    const { values } = await (await open(url + V1, { ...binary, endpoint: { batch: 2 } })).predictColumns!(
      table,
    );
    assert.deepEqual([...values], [0, 0.1, 0.2, 0.3, 0.4]);
  });

  it("has the output that is named like probabilities, or that is asked for", async () => {
    const row = { probabilities: [0.5, 0.5], logits: [0, 0] };
    const { url } = await serverOf(() => ({ predictions: Array.from({ length: 5 }, () => row) }));
    assert.equal((await (await open(url + V1)).predictColumns!(table)).values[4], 0.5);
    const logits: ModelExpectation = { ...binary, scores: "logits", endpoint: { output: "logits" } };
    await assert.rejects((await open(url + V1, logits)).predictColumns!(table), /each other's negative/);
    const other: ModelExpectation = { ...binary, endpoint: { output: "p" } };
    await assert.rejects(
      (await open(url + V1, other)).predictColumns!(table),
      /answered with "probabilities", "logits"; right is "p"/,
    );
  });

  it("is asked again where it failed itself, and not where it refused", async () => {
    let tries = 0;
    const { url } = await serverOf((_body, _asked, answer) => {
      answer.statusCode = ++tries < 3 ? 503 : 200;
      return { predictions: [1, 1, 1, 1, 1] };
    });
    assert.equal((await (await open(url + V1)).predictColumns!(table)).values[0], 1);
    assert.equal(tries, 3);
    tries = 0;
    const bad = await serverOf((_body, _asked, answer) => {
      tries++;
      answer.statusCode = 400;
      return { error: "Failed to process element: 0" };
    });
    await assert.rejects(
      (await open(bad.url + V1)).predictColumns!(table),
      /\(rows 1 to 5\) answered 400: "Failed to process element: 0"/,
    );
    assert.equal(tries, 1);
  });
});

describe("a model behind the Open Inference Protocol", () => {
  it("is asked with a tensor a column, of the types that it says it takes", async () => {
    let asked: unknown;
    const metadata = {
      name: "m",
      inputs: [
        { name: "x", datatype: "FP32", shape: [-1] },
        { name: "job", datatype: "BYTES", shape: [-1, 1] },
      ],
    };
    const { url } = await serverOf((body) => {
      asked = body;
      return { outputs: [{ name: "p", datatype: "FP64", shape: [5, 1], data: [0.1, 0.2, 0.3, 0.4, 0.5] }] };
    }, metadata);
    const { values } = await (await open(url + V2)).predictColumns!(table);
    assert.deepEqual([...values], [0.1, 0.2, 0.3, 0.4, 0.5]);
    assert.deepEqual(asked, {
      inputs: [
        { name: "x", shape: [5], datatype: "FP32", data: [0, 0.1, 0.2, 0.3, 0.4] },
        { name: "job", shape: [5, 1], datatype: "BYTES", data: ["cook", "clerk", "clerk", "cook", ""] },
      ],
    });
  });

  it("is asked with one matrix and for the output that is named", async () => {
    let asked: unknown;
    const { url } = await serverOf((body) => {
      asked = body;
      const [input] = (body as Inputs).inputs;
      return {
        outputs: [
          {
            name: "predict_proba",
            datatype: "FP64",
            shape: [input!.shape[0], 2],
            data: [0.5, 0.5, 0, 1, 0.25, 0.75, 1, 0, 0.5, 0.5],
          },
        ],
      };
    });
    const expects: ModelExpectation = { ...binary, endpoint: { takes: "matrix", output: "predict_proba" } };
    const { values } = await (await open(`${url}/v2/models/m`, expects)).predictColumns!(numbers);
    assert.deepEqual([...values], [0.5, 1, 0.75, 0, 0.5]);
    assert.deepEqual(asked, {
      inputs: [
        { name: "input", shape: [5, 2], datatype: "FP32", data: [0, 1, 0.1, 1, 0.2, 1, 0.3, 1, 0.4, 1] },
      ],
      outputs: [{ name: "predict_proba" }],
    });
  });

  const v2 = (output: object) => ({
    outputs: [{ name: "o", datatype: "FP32", shape: [5], data: [1, 1, 1, 1, 1], ...output }],
  });
  for (const [what, output, message] of [
    [
      "labels for probabilities",
      { datatype: "INT64" },
      /"o" as INT64, which are labels and no probabilities/,
    ],
    [
      "names of classes",
      { datatype: "BYTES", data: ["a", "a", "a", "a", "a"] },
      /"o" as BYTES, which are labels/,
    ],
    ["another number of rows", { shape: [4], data: [1, 1, 1, 1] }, /answered 4 rows for 5/],
    ["fewer numbers than its shape", { data: [1, 1] }, /of shape \[5\] with 2 numbers/],
    ["a cube", { shape: [5, 2, 2], data: new Array(20).fill(0.5) }, /of shape \[5, 2, 2\]/],
    ["no shape", { shape: "x" }, /without "shape" or "data"/],
    ["texts in its numbers", { data: [1, 1, "1", 1, 1] }, /answered 1 in row 3; right is a number/],
  ] as const)
    it(`is refused that answers ${what}`, async () => {
      const { url } = await serverOf(() => v2(output));
      await assert.rejects((await open(url + V2)).predictColumns!(table), message);
    });
});

describe("an answer is refused that", () => {
  const refused = (what: string, handler: Handler, message: RegExp, limits: Partial<Limits> = {}) =>
    it(what, async () => {
      const { url } = await serverOf(handler);
      const model = await open(url + V1, binary, limits);
      await assert.rejects(model.predictColumns!(table), (error: Error) => {
        assert.ok(error instanceof UserError, error.stack);
        assert.match(error.message, message);
        assert.ok(error.message.includes(url) && !error.message.includes("\n"), error.message);
        assert.ok(error.message.length < 600, error.message);
        return true;
      });
    });
  refused("has too few rows", () => ({ predictions: [1, 1] }), /\(rows 1 to 5\) answered 2 rows for 5/);
  refused("has too many rows", () => ({ predictions: [1, 1, 1, 1, 1, 1] }), /answered 6 rows for 5/);
  refused("has a NaN", () => '{"predictions": [1, NaN, 1, 1, 1]}', /gave the score "NaN" in row 2/);
  refused("has a null", () => ({ predictions: [1, 1, 1, null, 1] }), /gave the score "NaN" in row 4/);
  refused("has an infinity", () => '{"predictions": [1, 1, 1, 1, -Infinity]}', /score "-Infinity" in row 5/);
  refused(
    "has a text",
    () => ({ predictions: ["yes", "no", "no", "no", "no"] }),
    /answered yes in row 1; right is a number/,
  );
  refused(
    "is no probability",
    () => ({ predictions: [1, 1, 7, 1, 1] }),
    /score "7" in row 3; right is a probability/,
  );
  refused(
    "has rows of another length",
    () => ({ predictions: [[1, 0], [1, 0], [1], [1, 0], [1, 0]] }),
    /1 numbers in row 3 and 2 in row 1/,
  );
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  refused(
    "has a row of lists inside of lists without end",
    () => `{"predictions": [${deep}, 1, 1, 1, 1]}`,
    /\(rows 1 to 5\) answered with lists or objects more than 32 deep inside each other/,
  );
  refused(
    "says an error of lists inside of lists without end",
    () => `{"error": ${deep}}`,
    /answered with lists or objects more than 32 deep/,
  );
  it("has a first row for which there would be no room, were all as long", () => {
    const rows = 200_000;
    const predictions = [Array(50_000).fill(0), ...Array(rows - 1).fill([0])];
    assert.throws(
      () => readAnswer("v1", JSON.stringify({ predictions }), rows, "regression"),
      new UserError("answered 1 numbers in row 2 and 50000 in row 1"),
    );
  });
  refused(
    "is a login page",
    () => "<!doctype html>\n<title>Sign in</title>",
    /answered with what is no JSON \(it begins "<!doctype html>.*"\): a page for people, such as a login/,
  );
  refused("is no object", () => "[1,1,1,1,1]", /JSON that is no object/);
  refused(
    "says an error with 200",
    () => ({ error: "model not\nready" }),
    /without "predictions": model not.ready/,
  );
  refused(
    "is a long error of control characters",
    (_body, _asked, answer) => {
      answer.statusCode = 400;
      return `\u001b[2J${"x\n".repeat(5000)}`;
    },
    /answered 400: "�\[2Jx/,
  );
  refused(
    "leads elsewhere",
    (_body, _asked, answer) => {
      answer.writeHead(307, { location: "http://127.0.0.1:1/" });
      answer.end();
    },
    /answered 307: it leads to another address, which is not followed/,
  );
  refused(
    "never ends",
    (_body, _asked, answer) => {
      answer.write('{"predictions": [');
      const more = () => {
        while (!answer.destroyed && answer.write("1,".repeat(10_000)));
      };
      answer.on("drain", more);
      more();
    },
    /answered with more than/,
  );
  refused("is slow", () => new Promise(() => {}), /\(rows 1 to 5\) did not answer within 1 s/, {
    patience: 1000, // of which asking for the metadata, which answers, takes a part
  });
  refused(
    "drips",
    (_body, _asked, answer) => {
      answer.write("{");
      const drip = setInterval(() => answer.write(" "), 10);
      answer.on("close", () => clearInterval(drip));
    },
    /did not answer within 1 s/,
    { patience: 1000 },
  );
  refused(
    "breaks off",
    (_body, _asked, answer) => {
      answer.write('{"predictions": [1');
      answer.destroy();
    },
    /did not answer \(/,
  );
  refused(
    "is always a failure of the server",
    (_body, _asked, answer) => {
      answer.statusCode = 500;
      return { error: "out of memory" };
    },
    /answered 500, 3 times: "out of memory"/,
  );

  it("changes its width between batches", async () => {
    const { url } = await serverOf((body) => {
      const { instances } = body as Instances;
      return { predictions: instances.map(() => (instances.length === 1 ? [1, 0] : 1)) };
    });
    const model = await open(url + V1, { ...binary, endpoint: { batch: 2 } });
    await assert.rejects(model.predictColumns!(table), /2 numbers a row for rows 5 to 5, and 1 before/);
  });
});

describe("a token", () => {
  const answering = () => serverOf(() => ({ predictions: [1, 1, 1, 1, 1] }));
  it("is sent as Bearer, from the variable that is named", async () => {
    const { url, asked } = await answering();
    const expects: ModelExpectation = { ...binary, endpoint: { tokenFrom: "WAGES_ENDPOINT_TOKEN" } };
    await (await open(url + V1, expects, {}, { WAGES_ENDPOINT_TOKEN: "s3cret" })).predictColumns!(table);
    assert.deepEqual(
      asked.map(({ headers }) => headers.authorization),
      ["Bearer s3cret", "Bearer s3cret"],
    );
  });
  const refused = (what: string, url: string, name: string, value: string, message: RegExp) =>
    it(what, async () => {
      const expects: ModelExpectation = { ...binary, endpoint: { tokenFrom: name } };
      await assert.rejects(open(url, expects, {}, { [name]: value }), (error: Error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, message);
        assert.ok(!error.message.includes("s3cret"));
        return true;
      });
    });
  refused(
    "of another service is not sent",
    "https://h.invalid/v1/models/m",
    "GITHUB_TOKEN",
    "s3cret",
    /"GITHUB_TOKEN"; right is a name that ends in ENDPOINT_TOKEN/,
  );
  refused(
    "is not sent over an open wire",
    "http://h.invalid/v1/models/m",
    "ENDPOINT_TOKEN",
    "s3cret",
    /http:\/\/h\.invalid would be sent a token that everybody on the way can read/,
  );
  refused(
    "that is not set is asked for",
    "https://h.invalid/v1/models/m",
    "ENDPOINT_TOKEN",
    "",
    /ENDPOINT_TOKEN is not set/,
  );
  refused(
    "with a line end is refused",
    "https://h.invalid/v1/models/m",
    "ENDPOINT_TOKEN",
    "s3cret\r\nX: y",
    /does not hold a token/,
  );
  refused(
    "in the address is refused",
    "https://u:s3cret@h.invalid/v1/models/m",
    "ENDPOINT_TOKEN",
    "a",
    /holds a name or password/,
  );

  it("that is not let in is said before any row is sent", async () => {
    const server = createServer((_request, answer) => void answer.writeHead(401).end("{}"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${V1}`;
    await assert.rejects(open(url), /answered 401: it asks for a token; name the variable/);
  });
});
