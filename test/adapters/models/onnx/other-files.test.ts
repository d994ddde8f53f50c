import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { keepOnnx } from "../../../../src/adapters/models/onnx/file.ts";
import { openOnnx } from "../../../../src/adapters/models/onnx/model.ts";
import { knownModel, sealedModel } from "../../../../src/core/models/onnx/known.ts";
import { UserError } from "../../../../src/errors.ts";
import type { ModelExpectation } from "../../../../src/ports/model.ts";
import { fixture } from "../fixtures.ts";
import { int, node, opset, part, port, tensor, varint, word } from "./writer.ts";

/*
 * What a file could hide from us and show to the runtime, which would then open other files: all of these
 * were answered once with the first bytes of the package.json in the folder that the tests run in.
 */

const expects: ModelExpectation = { task: "regression", outputs: 1, width: 2 };
const home = mkdtempSync(join(tmpdir(), "trainyard-"));
after(() => rmSync(home, { recursive: true }));

const floats = (...values: number[]) => Buffer.from(new Float32Array(values).buffer);
const attribute = (name: string, ...parts: Uint8Array[]) => part(5, word(1, name), ...parts);
const inner = (field: Uint8Array): Uint8Array => field.subarray(field.length - (field[1] ?? 0)); // below 128 bytes
/** One byte of a file, as weights that lie there. */
const elsewhere = (field: number, location: string, type = 2) => {
  const entry = (key: string, value: string) => part(13, word(1, key), word(2, value));
  const place = [entry("location", location), entry("offset", "0"), entry("length", "1")];
  return part(field, int(1, 1), int(2, type), word(8, "leak"), ...place, int(14, 1));
};
const LEAK = elsewhere(5, "package.json");

/** A model of 0 for every row, and 1/256 of what is said beside. */
const BODY = [
  node("MatMul", ["x", "w"], ["zero"]),
  node("Cast", ["leak"], ["number"], attribute("to", int(3, 1), int(20, 2))),
  node("Mul", ["number", "scale"], ["added"]),
  node("Add", ["zero", "added"], ["p"]),
  word(2, "g"),
  tensor("w", [2, 1], floats(0, 0)),
  tensor("scale", [1], floats(1 / 256)),
  port(11, "x", undefined, 2),
  port(12, "p", undefined, 1),
];
const whole = (...parts: Uint8Array[]) => Buffer.concat([int(1, 8), opset(13), ...parts]);
const harmless = part(5, int(1, 1), int(2, 2), word(8, "leak"), part(9, Uint8Array.of(64)));

let made = 0;
function written(bytes: Uint8Array, beside?: Uint8Array): string {
  const path = join(home, `${made++}.onnx`);
  writeFileSync(path, bytes);
  if (beside !== undefined) writeFileSync(join(home, "beside.data"), beside);
  return path;
}

async function answer(bytes: Uint8Array, changes: Partial<ModelExpectation> = {}, beside?: Uint8Array) {
  const opened = await openOnnx(written(bytes, beside), { ...expects, ...changes });
  try {
    return [...(await opened.predict(Float32Array.of(1, 2), 1)).values];
  } finally {
    await opened.close();
  }
}

const refused = (what: string, bytes: () => Uint8Array, message: RegExp) => {
  for (const stranger of [true, false])
    it(`${what}${stranger ? ", a stranger's" : ""}`, () =>
      assert.rejects(answer(bytes(), { stranger }), (error: Error) => {
        assert.ok(error instanceof UserError, error.stack);
        assert.match(error.message, message);
        assert.ok(!error.message.includes("\n"));
        return true;
      }));
};

/** A function whose constant is what its attribute is by default, and a model that calls it. */
function withDefault(held: Uint8Array): Buffer {
  const fromAttribute = attribute("value", int(20, 4), word(21, "v"));
  const scale = attribute("value", tensor("s", [1], floats(1 / 256)), int(20, 4));
  const nodes = [
    node("Constant", [], ["c"], fromAttribute),
    node("Cast", ["c"], ["n"], attribute("to", int(3, 1), int(20, 2))),
    node("Constant", [], ["s"], scale),
    node("Mul", ["n", "s"], ["m"]),
    node("Add", ["a", "m"], ["b"]),
  ].map((one) => part(7, inner(one)));
  const leak = part(
    25,
    word(1, "Leak"),
    word(4, "a"),
    word(5, "b"),
    ...nodes,
    part(9, word(1, ""), int(2, 13)),
    word(10, "f"),
    part(11, word(1, "v"), held, int(20, 4)),
  );
  const body = [
    node("MatMul", ["x", "w"], ["z"]),
    node("Leak", ["z"], ["p"], word(7, "f")),
    ...BODY.slice(4),
  ];
  return whole(opset(1, "f"), part(7, ...body), leak);
}

describe("the writer of these tests", () => {
  it("writes a model that answers", async () =>
    assert.deepEqual(await answer(whole(part(7, ...BODY, harmless))), [0.25]));
  it("writes one with a function that answers", async () =>
    assert.deepEqual(await answer(withDefault(harmless)), [0.25]));
});

describe("an ONNX file does not have the runtime open another", () => {
  refused(
    "by what a function holds where its caller says nothing",
    () => withDefault(LEAK),
    /weights lie in another file, "package\.json", which is not there/,
  );
  it("and such weights are read where they lie beside the model", async () => {
    for (const stranger of [true, false])
      assert.deepEqual(
        await answer(withDefault(elsewhere(5, "beside.data")), { stranger }, Uint8Array.of(128, 1)),
        [0.5],
      );
  });
  refused("by a second graph", () => whole(part(7, ...BODY), part(7, LEAK)), /field 7 of its Model twice/);
  refused(
    "by a second tensor of an attribute",
    () => {
      const constant = node("Constant", [], ["leak"], attribute("value", harmless, LEAK, int(20, 4)));
      return whole(part(7, constant, ...BODY));
    },
    /field 5 of its Attribute twice/,
  );
  refused(
    "by an operator's second name",
    () => whole(part(7, ...BODY, harmless, node("Identity", ["p"], ["q"], word(4, "EPContext")))),
    /field 4 of its Node twice/,
  );
  const tagged = (tag: bigint, bytes: Uint8Array) =>
    Buffer.concat([Uint8Array.from(varint(tag)), Uint8Array.from(varint(BigInt(bytes.length))), bytes]);
  refused(
    "by a tag of more than 32 bits",
    () => whole(part(7, ...BODY, tagged(2n ** 32n + 42n, inner(LEAK)))),
    /numbers written longer than they are, over which readers differ/,
  );
  const long = /numbers written longer than they are/;
  refused(
    "by a tag written too long",
    () => whole(part(7, ...BODY, Uint8Array.of(0xaa, 0x80, 0x00), varied())),
    long,
  );
  refused(
    "by a number written too long",
    () => whole(part(7, ...BODY, harmless), Uint8Array.of(0x28, 0x81, 0x00)),
    long,
  );
  refused(
    "by a number of more than 64 bits",
    () => whole(part(7, ...BODY, harmless), Uint8Array.from([0x28, ...Array(9).fill(0x80), 0x02])),
    long,
  );
  refused(
    "by a group",
    () => whole(part(7, ...BODY, harmless, Uint8Array.of(0x2b), inner(LEAK), Uint8Array.of(0x2c))),
    /not ONNX, or was cut off/,
  );
  refused(
    "by a place of more than 32 bits",
    () => whole(part(7, ...BODY, part(5, inner(harmless), int(14, 2n ** 32n + 1n)))),
    /field 14 of its Tensor with more than 31 bits/,
  );
  refused(
    "by a field of another kind",
    () => whole(part(7, ...BODY, harmless, int(1, 1))),
    /field 1 of its Graph of another kind than ONNX has it/,
  );
  refused(
    "by what is there for training",
    () => whole(part(7, ...BODY, harmless), part(20, part(1, LEAK))),
    /it is a model in training; right is one that answers/,
  );
  refused(
    "by a type that is two",
    () => whole(part(7, ...BODY, harmless, part(13, word(1, "v"), part(2, part(1, int(1, 1)), part(4))))),
    /field 4 of its Type twice/,
  );
  refused(
    "by being a file of ONNX Runtime's own format too",
    () => Buffer.concat([int(1, 8), word(2, "ORTM"), opset(13), part(7, ...BODY, harmless)]),
    /of ONNX Runtime's own format at once/,
  );
  refused(
    "by a name that is no UTF-8",
    () => whole(part(7, node("If", ["c"], ["d"], part(7, Uint8Array.of(0xff))), ...BODY, harmless)),
    /a name that is no UTF-8/,
  );
  refused(
    "by an operator with a mark before its domain's name",
    () => whole(part(7, node("Steal", ["c"], ["d"], word(7, "\ufeffai.onnx")), ...BODY, harmless)),
    /operator "Steal" is from ".?ai\.onnx"; right are/,
  );
  refused(
    "by a function that is there twice",
    () => {
      const one = withDefault(harmless);
      return Buffer.concat([one, one.subarray(one.lastIndexOf(Buffer.from([0xca, 0x01])))]);
    },
    /its function "Leak" is there twice/,
  );
});

function varied(): Uint8Array {
  return Buffer.concat([Uint8Array.from(varint(BigInt(inner(LEAK).length))), inner(LEAK)]);
}

describe("what a runtime sees of an ONNX file", () => {
  const strange = Buffer.concat([
    int(1, 8),
    part(99, Buffer.from("secret")),
    int(26, 1),
    opset(13),
    part(7, part(77, LEAK), ...BODY, harmless),
  ]);

  it("is known fields alone", async () => {
    const plain = whole(part(7, ...BODY, harmless));
    assert.deepEqual(Buffer.from(knownModel(strange)), plain);
    assert.deepEqual(await answer(strange), [0.25]);
  });
  it("is what is kept of it, too", async () => {
    const to = join(home, "kept.onnx");
    await keepOnnx(written(strange), to);
    assert.deepEqual(readFileSync(to), whole(part(7, ...BODY, harmless)));
  });
  it("is the same bytes, uncopied, where all fields are known", () => {
    const bytes = readFileSync(fixture("logistic.onnx"));
    assert.equal(knownModel(bytes), bytes);
    assert.equal(sealedModel(knownModel(bytes)), bytes);
  });
  it("names no other file, wherever it would stand", () => {
    const sparse = part(15, part(1, inner(LEAK)), part(2, inner(LEAK)));
    const quantized = node("Constant", [], ["k"], attribute("sparse_value", part(22, inner(sparse))));
    for (const bytes of [
      whole(part(7, LEAK)),
      whole(part(7, sparse)),
      whole(part(7, quantized)),
      withDefault(LEAK),
    ])
      assert.throws(
        () => sealedModel(knownModel(bytes)),
        /weights lie in another file, in a place where none are read/,
      );
  });
});

describe("the process of a stranger's model", () => {
  const folders = () =>
    readdirSync(tmpdir()).filter((name) => name.startsWith(`trainyard-model-${process.pid}-`));

  it("runs in a folder of its own, empty and gone afterwards", async () => {
    const opened = await openOnnx(fixture("logistic.onnx"), {
      task: "binary-classification",
      outputs: 1,
      width: 4,
      stranger: true,
    });
    const [folder, ...others] = folders();
    assert.ok(folder !== undefined && others.length === 0, `${[folder, ...others]}`);
    assert.deepEqual(readdirSync(join(tmpdir(), folder)), []);
    await opened.close();
    assert.deepEqual(folders(), []);
  });
});
