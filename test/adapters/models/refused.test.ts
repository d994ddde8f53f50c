import assert from "node:assert/strict";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openModel } from "../../../src/adapters/models/open.ts";
import { artifactsOf } from "../../../src/adapters/models/tensorflow/artifacts.ts";
import { UserError } from "../../../src/errors.ts";
import { binary, features, fixture, ownFolder, scoresOf } from "./fixtures.ts";

const home = ownFolder();

let made = 0;
const place = (name: string): string => {
  const folder = join(home, String(made++));
  mkdirSync(folder);
  return join(folder, name);
};

/** A copy of a TensorFlow.js model whose `model.json` was changed as text. */
function changed(change: (text: string) => string, name = "layers"): string {
  const folder = place("model");
  cpSync(fixture(name), folder, { recursive: true });
  const file = join(folder, "model.json");
  writeFileSync(file, change(readFileSync(file, "utf8")));
  return folder;
}

function file(name: string, bytes: string | Uint8Array): string {
  const path = place(name);
  writeFileSync(path, bytes);
  return path;
}

const refused = (name: string, path: () => string, message: RegExp, expects = binary) =>
  it(name, async () => {
    const at = path();
    await assert.rejects(openModel(at, expects), (error: Error) => {
      assert.ok(error instanceof UserError, error.stack);
      assert.match(error.message, message);
      assert.ok(error.message.includes(at), `${error.message} does not name ${at}`);
      assert.ok(!error.message.includes("\n"));
      return true;
    });
  });

describe("a file that is no model is refused", () => {
  refused("nothing", () => join(home, "none.onnx"), /does not exist/);
  refused("an empty folder", () => file("x", "").replace(/x$/, ""), /holds no model\.json/);
  refused("an empty file", () => file("m.onnx", ""), /is empty/);
  refused(
    "a pickle",
    () => file("model.pkl", "\x80\x04K\x01."),
    /not a model that can be opened; right is an \.onnx file/,
  );
  refused(
    "a pickle that calls itself ONNX",
    () => file("m.onnx", "\x80\x04K\x01."),
    /not ONNX, or was cut off/,
  );
  refused(
    "text that calls itself ONNX",
    () => file("m.onnx", "not a model\n".repeat(50)),
    /not ONNX, or was cut off/,
  );
  refused(
    "JSON of something else",
    () => file("model.json", '{"a": 1}'),
    /not a model of TensorFlow\.js: modelTopology/,
  );
  refused(
    "JSON that was cut off",
    () => file("model.json", '{"modelTopology": {'),
    /not JSON, or was cut off/,
  );
});

describe("an ONNX file is refused that", () => {
  const cut = (name: string, share: number) => () => {
    const bytes = readFileSync(fixture(name));
    return file(name, bytes.subarray(0, Math.floor(bytes.length * share)));
  };
  for (const share of [0.05, 0.3, 0.5, 0.9, 0.99])
    refused(
      `was cut off at ${share}`,
      cut("boosting.onnx", share),
      /not ONNX|was cut off|cannot be loaded|has no inputs|gives nothing/,
    );
  const damaged = Buffer.from(
    readFileSync(fixture("logistic.onnx"))
      .toString("latin1")
      .replaceAll("LinearClassifier", "LinearClassifiex"),
    "latin1",
  );
  refused(
    "names an operator that does not exist",
    () => file("m.onnx", damaged),
    /cannot be loaded by onnxruntime/,
  );
  refused("has operators of its own", () => fixture("custom.onnx"), /operator "Steal" is from "com\.evil"/);
  refused(
    "keeps its weights in another file",
    () => fixture("external.onnx"),
    /weights lie in another file, "weights\.data", which is not there/,
  );
  refused("reaches out of its folder", () => fixture("escape.onnx"), /"\.\.\/\.\.\/\.\.\/\.\.\/etc\/passwd"/);
  refused(
    "answers for other classes",
    () => fixture("three.onnx"),
    /gives 3 numbers a row; right for binary-classification is one probability/,
  );
  refused(
    "takes columns where the contract has features",
    () => fixture("columns.onnx"),
    /takes "score" \(float \[any, 1\]\).*one float tensor of shape \[rows, 4\]/,
  );
  refused(
    "takes another width",
    () => fixture("logistic.onnx"),
    /takes 4 features a row; the contract's features are 9/,
    { ...binary, width: 9 },
  );
  refused(
    "names other classes",
    () => fixture("words.onnx"),
    /names its classes "down", "up"; the contract's are "no", "yes"/,
    { ...binary, classes: ["no", "yes"] },
  );
});

describe("a TensorFlow.js model is refused that", () => {
  const weights = (name: string) => () =>
    changed((text) => text.replaceAll('"weights.bin"', JSON.stringify(name)));
  for (const name of [
    "../weights.bin",
    "/etc/passwd",
    "a/../../b",
    "https://example.com/w.bin",
    "file:///etc/passwd",
    "\\\\host\\w.bin",
    "C:\\w.bin",
    ".env",
    "a/.git/config",
    "",
  ])
    refused(
      `keeps its weights at "${name}"`,
      weights(name),
      /names the weights ".*"; right is a file in the model's own folder/,
    );
  refused(
    "has lost its weights",
    weights("other.bin"),
    /names the weights "other\.bin", which are not there/,
  );
  const linked = () => {
    const folder = changed((text) => text);
    rmSync(join(folder, "weights.bin"));
    symlinkSync("/etc/hostname", join(folder, "weights.bin"));
    return folder;
  };
  refused("links to weights elsewhere", linked, /a link that leaves the model's folder/);
  const short = () => {
    const folder = changed((text) => text);
    truncateSync(join(folder, "weights.bin"), 50);
    return folder;
  };
  refused("has weights that were cut off", short, /are 50 bytes; its manifest describes 92/);
  refused(
    "names a part of its weights many times",
    () => changed((text) => text.replace('"weights.bin"', Array(16).fill('"weights.bin"').join())),
    /names the weights "weights\.bin" twice; right is once/,
  );
  refused(
    "names it so that it looks like another",
    () => changed((text) => text.replace('"weights.bin"', '"weights.bin", ".//weights.bin"')),
    /names the weights "\.\/\/weights\.bin" twice/,
  );
  it("has larger weights than it describes, before they are read", () => {
    const text = readFileSync(join(fixture("layers"), "model.json"), "utf8");
    const folder = { size: () => 2 ** 31, read: () => assert.fail("was read") };
    assert.throws(() => artifactsOf(text, folder, "m"), /are 2147483648 bytes; its manifest describes 92/);
  });
  it("has weights that change while they are read", () => {
    const text = readFileSync(join(fixture("layers"), "model.json"), "utf8");
    const folder = { size: () => 92, read: () => new Uint8Array(93) };
    assert.throws(() => artifactsOf(text, folder, "m"), /"weights\.bin" of m changed while they were read/);
  });
  refused(
    "describes itself at a length that no model has",
    () => changed((text) => text.replace(/\}\s*$/, `${" ".repeat(50_000_000)}}`)),
    /bytes large; a model's description has at most 50000000/,
  );
  refused(
    "describes huge weights",
    () => changed((text) => text.replace(/"shape": \[\s*4,/, '"shape": [4000000000,')),
    /describes 48000000044 bytes/,
  );
  refused(
    "describes a negative shape",
    () => changed((text) => text.replace(/"shape": \[\s*4,/, '"shape": [-4,')),
    /weightsManifest/,
  );
  refused(
    "has a layer of code",
    () => changed((text) => text.replace('"Dense"', '"Lambda"')),
    /class "Lambda".*layers that carry code are not loaded/,
  );
  refused(
    "has a layer of the user's",
    () => changed((text) => text.replace('"Dense"', '"MyLayer"')),
    /class "MyLayer"/,
  );
  refused(
    "has a class from an object's prototype",
    () => changed((text) => text.replace('"Dense"', '"constructor"')),
    /class "constructor"/,
  );
  refused(
    "has a layer larger than its weights",
    () => changed((text) => text.replace('"units": 3', '"units": 2000000000')),
    /"units": 2000000000, but 23 weights/,
  );
  refused(
    "does not fit its weights",
    () => changed((text) => text.replace('"units": 3', '"units": 2')),
    /cannot be loaded by TensorFlow\.js/,
  );
  refused(
    "takes another width",
    () => fixture("graph"),
    /takes 4 features a row; the contract's features are 5/,
    { ...binary, width: 5 },
  );
  refused(
    "is a graph with an operation of the user's",
    () => changed((text) => text.replace('"Softmax"', '"Steal"'), "graph"),
    /operation "Steal", which TensorFlow\.js does not have/,
  );
  refused(
    "is a graph that writes to the log",
    () => changed((text) => text.replace('"Softmax"', '"Print"'), "graph"),
    /operation "Print", which TensorFlow\.js does not have or which is not run/,
  );
  refused(
    "is a graph that makes gigabytes of nothing",
    () => {
      const folder = changed((text) => {
        const model = JSON.parse(text);
        model.modelTopology.node.push(
          { name: "size", op: "Const", attr: {} },
          { name: "bomb", op: "Fill", input: ["size", "offset"], attr: {} },
        );
        model.weightsManifest[0].weights.push({ name: "size", shape: [2], dtype: "int32" });
        return JSON.stringify(model);
      }, "graph");
      appendFileSync(join(folder, "weights.bin"), Buffer.from(Int32Array.of(1_000_000, 1_000_000).buffer));
      return folder;
    },
    /operation "bomb" \(Fill\), which would make 1000000000000 numbers/,
  );
  refused(
    "is ten thousand objects deep",
    () =>
      changed((text) => text.replace('"sequential_1"', `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`)),
    /more than 200 objects inside each other/,
  );
  refused(
    "gives two outputs",
    () =>
      changed((text) => {
        const model = JSON.parse(text);
        const [first, second] = model.modelTopology.config.layers;
        const inbound = (name: string) => [[[name, 0, 0, {}]]];
        model.modelTopology.class_name = "Functional";
        model.modelTopology.config = {
          name: "two",
          layers: [
            {
              class_name: "InputLayer",
              name: "x",
              config: { name: "x", batch_input_shape: [null, 4], dtype: "float32" },
              inbound_nodes: [],
            },
            { ...first, name: "a", inbound_nodes: inbound("x") },
            { ...second, name: "b", inbound_nodes: inbound("a") },
          ],
          input_layers: [["x", 0, 0]],
          output_layers: [
            ["a", 0, 0],
            ["b", 0, 0],
          ],
        };
        return JSON.stringify(model);
      }),
    /gives 2 outputs; right is one tensor of scores/,
  );
});

describe("a model is read as its file says", () => {
  it("one that gives no probabilities until it is asked", async () => {
    const model = await openModel(fixture("no-sigmoid.onnx"), binary);
    await assert.rejects(
      model.predict(
        features.map((value) => value * 100),
        5,
      ),
      /score ".*" in row 1; right is a probability from 0 to 1/,
    );
    await model.close();
  });

  it("a model of scikit-learn by the names of its classes", async () => {
    const score = async (classes: readonly string[]) => {
      const model = await openModel(fixture("words.onnx"), { ...binary, classes });
      const { values } = await model.predict(features.slice(0, 4), 1);
      await model.close();
      return values[0]!;
    };
    const [up, down] = [await score(["down", "up"]), await score(["up", "down"])];
    assert.ok(Math.abs(up + down - 1) < 1e-6 && Math.abs(up - down) > 0.01, `${up}, ${down}`);
  });

  it("one that takes a row at a time, row after row", async () => {
    const model = await openModel(fixture("one-row.onnx"), binary);
    assert.equal((await model.predict(features, 5)).values.length, 5);
    await model.close();
  });

  it("one of TensorFlow.js that ends before its softmax or sigmoid, where it is said so", async () => {
    const linear = changed((text) => text.replace('"softmax"', '"linear"'));
    const model = await openModel(linear, { ...binary, scores: "logits" });
    const { values } = await model.predict(features, 5);
    for (const [row, wanted] of scoresOf("layers").entries())
      assert.ok(Math.abs(values[row]! - wanted) < 1e-6, `${values[row]}, not ${wanted}`);
    await model.close();
    const unsaid = await openModel(linear, binary);
    await assert.rejects(unsaid.predict(features, 5), /right is a probability.*train\.scores: logits/);
    await unsaid.close();
  });

  it("one without a width, by its own", async () => {
    const model = await openModel(fixture("logistic.onnx"), { task: "binary-classification" });
    assert.equal((await model.predict(features, 5)).values.length, 5);
    await model.close();
  });
});
