import assert from "node:assert/strict";
import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openOnnx } from "../../../../src/adapters/models/onnx/model.ts";
import { fieldsOf } from "../../../../src/core/models/onnx/wire.ts";
import { UserError } from "../../../../src/errors.ts";
import type { ModelExpectation } from "../../../../src/ports/model.ts";
import { binary, fixture, ownFolder } from "../fixtures.ts";
import { int, node, opset, part, port, tensor, word } from "./writer.ts";

const home = ownFolder();

let made = 0;
const place = (): string => join(home, `${made++}.onnx`);

/** A model of the mean of each row's features and what else is said. */
function model(
  graph: Uint8Array[],
  more: { ir?: number; opset?: number; parts?: Uint8Array[] } = {},
): string {
  const path = place();
  const mean = node("ReduceMean", ["x"], ["mean"], part(5, word(1, "axes"), int(8, 1), int(20, 7)));
  const bytes = Buffer.concat([
    int(1, more.ir ?? 8),
    opset(more.opset ?? 13),
    part(7, mean, ...graph, word(2, "g"), port(11, "x", undefined, 4), port(12, "p", undefined, 1)),
    ...(more.parts ?? []),
  ]);
  writeFileSync(path, bytes);
  return path;
}
const SIGMOID = node("Sigmoid", ["mean"], ["p"]);

const refused = (what: string, path: () => string, message: RegExp, expects = binary) =>
  it(what, async () => {
    const at = path();
    await assert.rejects(openOnnx(at, expects), (error: Error) => {
      assert.ok(error instanceof UserError, error.stack);
      assert.match(error.message, message);
      assert.ok(error.message.includes(at) && !error.message.includes("\n"), error.message);
      assert.ok(error.message.length < 1000, `${error.message.length} characters`);
      return true;
    });
  });

describe("the writer of these tests", () => {
  it("writes a model that answers", async () => {
    const opened = await openOnnx(model([SIGMOID]), binary);
    const { values } = await opened.predict(Float32Array.of(1, 2, 3, 2, -1, -1, -1, -1), 2);
    assert.deepEqual(
      [...values].map((value) => value.toFixed(6)),
      [1 / (1 + Math.exp(-2)), 1 / (1 + Math.exp(1))].map((value) => value.toFixed(6)),
    );
    await opened.close();
  });
});

describe("an ONNX file is refused before a runtime sees it that", () => {
  const weights =
    (dims: (number | bigint)[], raw = new Uint8Array(16), type = 1) =>
    () =>
      model([SIGMOID, tensor("w", dims, raw, type)]);
  refused(
    "has weights larger than its bytes",
    weights([4, 1_000_000]),
    /"w" say that they are \[4, 1000000\] of float/,
  );
  refused(
    "has weights smaller than its bytes",
    weights([3]),
    /"w" say that they are \[3\] of float, and hold other/,
  );
  refused("has sizes whose product overflows", weights([2n ** 40n, 2n ** 40n]), /"w".*which no file holds/);
  refused("has a size below 0", weights([-4n, -1n]), /"w".*which no file holds/);
  refused("has a thousand sizes", weights(Array.from({ length: 1000 }, () => 2)), /"w".*which no file holds/);
  refused("has weights of no type", weights([4], new Uint8Array(16), 99), /"w" are of type 99/);
  refused(
    "has a name that would write over the screen",
    () => model([SIGMOID, tensor("\u001b[2K\n::error::".repeat(50), [3], new Uint8Array(16))]),
    /weights "�\[2K�::error::/,
  );
  refused(
    "is the work of a function that calls itself",
    () =>
      model([node("F", ["mean"], ["p"], word(7, "f"))], { parts: [opset(1, "f"), functionOf("F", ["F"])] }),
    /its functions call themselves/,
  );
  refused(
    "doubles itself thirty times",
    () => {
      const doubled = Array.from({ length: 30 }, (_, level) => {
        const inner = level === 29 ? "Identity" : `F${level + 1}`;
        return functionOf(`F${level}`, [inner, inner]);
      });
      return model([node("F0", ["mean"], ["p"], word(7, "f"))], { parts: [opset(1, "f"), ...doubled] });
    },
    /\d{10} operations when its functions are written out/,
  );
  refused(
    "hides a strange operator in a graph inside of a graph",
    () => {
      const inner = part(1, word(1, "body"), part(6, node("Steal", ["x"], ["y"], word(7, "com.evil"))));
      return model([
        node("If", ["c"], ["p"], part(5, ...[...fieldsOf(inner)].map(({ value }) => value as Uint8Array))),
      ]);
    },
    /operator "Steal" is from "com\.evil"/,
  );
  refused(
    "has graphs a hundred deep",
    () => {
      let graph: Uint8Array = node("Sigmoid", ["a"], ["b"]);
      for (let depth = 0; depth < 100; depth++)
        graph = node("If", ["c"], ["d"], part(5, word(1, "then_branch"), part(6, graph)));
      return model([graph]);
    },
    /more than 20 deep/,
  );
  refused(
    "would read a file of its own choice",
    () => model([node("EPContext", ["mean"], ["p"], word(7, "com.microsoft"))]),
    /operator "EPContext" reaches for what is not in the model/,
  );
  refused(
    "writes sparse weights of a few bytes out to gigabytes",
    () => {
      const values = tensor("s", [1], new Uint8Array(4)).subarray(1);
      const sparse = part(
        15,
        part(
          1,
          ...[...fieldsOf(Buffer.concat([Uint8Array.of(42), values]))].map(
            ({ value }) => value as Uint8Array,
          ),
        ),
        int(3, 2 ** 20),
        int(3, 2 ** 20),
      );
      return model([SIGMOID, sparse]);
    },
    /sparse weights take 1099511627776 values/,
  );
  refused(
    "is of a format to come",
    () => model([SIGMOID], { ir: 99 }),
    /is of ONNX format 99; onnxruntime-node [\d.]+ reads up to \d+: export it/,
  );
  refused(
    "uses operators to come",
    () => model([SIGMOID], { opset: 99 }),
    /uses opset 99 of ai\.onnx; onnxruntime-node [\d.]+ knows up to \d+: export it with target_opset=\d+/,
  );
});

function functionOf(name: string, calls: string[]): Uint8Array {
  const nodes = calls.map((call, place) =>
    part(
      7,
      word(1, place === 0 ? "a" : `v${place - 1}`),
      word(2, place === calls.length - 1 ? "b" : `v${place}`),
      word(4, call),
      word(7, call === "Identity" ? "" : "f"),
    ),
  );
  return part(
    25,
    word(1, name),
    word(4, "a"),
    word(5, "b"),
    ...nodes,
    opset(13).subarray(0),
    part(9, word(1, ""), int(2, 13)),
    word(10, "f"),
  );
}

describe("weights beside an ONNX file", () => {
  const beside = (change: (folder: string) => void = () => {}) => {
    const folder = mkdtempSync(join(home, "beside-"));
    cpSync(fixture("exports/beside"), folder, { recursive: true });
    change(folder);
    return join(folder, "model.onnx");
  };
  const renamed = (name: string) => (folder: string) => {
    const file = join(folder, "model.onnx");
    const bytes = readFileSync(file).toString("latin1");
    assert.equal("model.onnx.data".length, name.length, "the test writes names of the same length");
    writeFileSync(file, Buffer.from(bytes.replaceAll("model.onnx.data", name), "latin1"));
  };
  const expects: ModelExpectation = { task: "multiclass-classification", outputs: 3, width: 4 };
  const no = (what: string, change: (folder: string) => void, message: RegExp) =>
    refused(what, () => beside(change), message, expects);

  it("are read", async () => void (await (await openOnnx(beside(), expects)).close()));
  no(
    "are not, where they are away",
    (at) => rmSync(join(at, "model.onnx.data")),
    /"model\.onnx\.data", which is not there/,
  );
  no(
    "are not, where they were cut off",
    (at) => truncateSync(join(at, "model.onnx.data"), 20),
    /go up to byte \d+ of "model\.onnx\.data", which has 20/,
  );
  const elsewhere = join(home, "elsewhere.data");
  copyFileSync(fixture("exports/beside/model.onnx.data"), elsewhere);
  no(
    "are not through a link, although it leads to the right bytes",
    (at) => {
      rmSync(join(at, "model.onnx.data"));
      symlinkSync(elsewhere, join(at, "model.onnx.data"));
    },
    /"model\.onnx\.data", which is a link or no file/,
  );
  for (const name of [
    "../weights.data",
    "/tmp/weights.da",
    "a/../../b/c.dat",
    "C:\\weights.data",
    "\\\\host\\w\\x.data",
    "https://a.b/c.d",
    "a\\..\\..\\bb.data",
    "a/.git/config/b",
  ])
    no(`are not at ${name}`, renamed(name), /right is a file in the model's own folder/);
  no(
    "are not in a folder that is a link",
    (at) => {
      renamed("folder/weights1")(at);
      symlinkSync(home, join(at, "folder"));
      copyFileSync(elsewhere, join(home, "weights1"));
    },
    /which is a link or no file/,
  );
});
