import { dirname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Tensor, TensorConstructor } from "onnxruntime-web";
import { UserError } from "../../../errors.ts";
import { pathOf } from "../../common-js.ts";
import { type Bounds, startApart } from "../apart/child.ts";
import type { Runtime, RuntimeName, Session } from "./runtime.ts";

/** What the process does, as text. */
const PROGRAM = `
let ort, session;
async function answer({ load, bytes, options, feeds, fetches, most }) {
  if (load) {
    const loaded = await import(load.module);
    ort = loaded.InferenceSession ? loaded : loaded.default;
    if (load.wasm) { ort.env.wasm.wasmPaths = load.wasm; ort.env.wasm.numThreads = 1; ort.env.wasm.proxy = false; }
    ort.env.logLevel = "fatal";
    return ort.env.versions.web ?? ort.env.versions.node ?? ort.env.versions.common;
  }
  if (bytes) {
    session = await ort.InferenceSession.create(bytes, options);
    return;
  }
  const given = Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new ort.Tensor(type, data, dims)]);
  const answers = Object.entries(await session.run(Object.fromEntries(given), fetches));
  for (const [, { size }] of answers) if (size > most) throw new Error("it answers " + size + " numbers, more than any question has");
  return Object.fromEntries(answers.map(([name, { type, data, dims }]) => [name, { type, data, dims }]));
}
`;

const MOST_A_ROW = 10_000; // numbers: classes, of which there are fewer

/** A tensor that is sent to another process: what it is made of. */
class Plain {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];

  constructor(type: string, data: unknown, dims: readonly number[]) {
    this.type = type;
    this.data = data;
    this.dims = dims;
  }
}

/**
 * ONNX Runtime in a process of its own, for a stranger's model.
 *
 * @throws {UserError} where the runtime is not installed
 */
export async function openApart(name: RuntimeName, bounds: Partial<Bounds> = {}): Promise<Runtime> {
  const module = pathToFileURL(moduleOf(name)).href;
  const wasm = name === "onnxruntime-web" ? pathToFileURL(join(dirname(wasmFile()), sep)).href : undefined;
  const child = startApart(PROGRAM, bounds);
  try {
    const version = await child.ask({ load: { module, wasm } });
    return {
      runtime: `${name} ${version}`,
      Tensor: Plain as unknown as TensorConstructor,
      async create(bytes, options): Promise<Session> {
        try {
          await child.watch(bytes.length);
          await child.ask({ bytes, options });
        } catch (error) {
          await child.end();
          throw error;
        }
        return {
          run: async (feeds, fetches) =>
            (await child.ask({ feeds: plain(feeds), fetches, most: mostOf(feeds) })) as Readonly<
              Record<string, Tensor>
            >,
          release: () => child.end(),
        };
      },
    };
  } catch (error) {
    await child.end();
    throw error;
  }
}

const moduleOf = (name: RuntimeName): string => {
  try {
    return pathOf(name);
  } catch (cause) {
    throw new UserError(`${name} is not installed; install it with \`npm install ${name}\``, { cause });
  }
};
const wasmFile = (): string => pathOf("onnxruntime-web/ort-wasm-simd-threaded.wasm");
const plain = (feeds: Readonly<Record<string, Tensor>>): object =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, { type, data, dims }]) => [name, { type, data, dims: [...dims] }]),
  );
const mostOf = (feeds: Readonly<Record<string, Tensor>>): number =>
  Math.max(1, ...Object.values(feeds).map(({ dims }) => dims[0] ?? 1)) * MOST_A_ROW;
