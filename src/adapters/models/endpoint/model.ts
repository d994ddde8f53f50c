import {
  type Endpoint,
  type EndpointOptions,
  endpointOf,
  tokenHeaders,
} from "../../../core/models/endpoint/address.ts";
import { type RawAnswer, readAnswer, readClasses, readInputs } from "../../../core/models/endpoint/answer.ts";
import {
  columnsBody,
  type EndpointInput,
  matrixBody,
  type RowRange,
  takesMatrix,
} from "../../../core/models/endpoint/question.ts";
import { quoted } from "../../../core/models/onnx/quoted.ts";
import type { Table } from "../../../core/tables/column.ts";
import { UserError } from "../../../errors.ts";
import type { Model, ModelExpectation, Scores } from "../../../ports/model.ts";
import { gather, readingOf } from "../scores.ts";
import { type Limits, request } from "./request.ts";

/** Where an endpoint is asked from. */
export interface Caller {
  /** The value of an environment variable. */
  readonly variable: (name: string) => string | undefined;
  readonly signal: AbortSignal;
  readonly limits?: Partial<Limits>;
}

const BATCH = 512;
const AT_ONCE = 4; // requests under way
const PER_ROW = 16 * 1024; // bytes of an answer: a thousand classes with all their digits
const LIMITS: Limits = { patience: 30_000, most: 64 * 2 ** 20, pauses: [200, 1000, 3000] };

/**
 * A model that a server answers for, by TensorFlow Serving's or KServe's protocol. Rows are sent in
 * batches, some of them at once; their answers are put in the rows' order.
 *
 * @throws {UserError} where the address is none, or nobody is there
 */
export async function openEndpoint(
  address: string,
  expects: ModelExpectation,
  caller: Caller,
): Promise<Model> {
  const endpoint = endpointOf(address);
  const options = expects.endpoint ?? {};
  const headers = tokenHeaders(endpoint, options.tokenFrom, caller.variable);
  const limits = { ...LIMITS, ...caller.limits };
  const asked = { endpoint, options, headers, limits, expects, signal: caller.signal };
  const { inputs, classes } = await described(asked);
  const model = { ...asked, inputs, classes };
  const matrix = options.takes === undefined ? takesMatrix(inputs) : options.takes === "matrix";
  const { output } = options;
  const { protocol } = endpoint;
  return {
    runtime: protocol === "v1" ? "tensorflow serving protocol v1" : "open inference protocol v2",
    async predict(features, rows) {
      const width = rows === 0 ? 0 : features.length / rows;
      return ask(model, rows, (range) => matrixBody(protocol, features, width, range, inputs, output));
    },
    async predictColumns(table) {
      if (!matrix)
        return ask(model, table.rows, (range) => columnsBody(protocol, table, range, inputs, output));
      const values = numbersOf(table);
      return ask(model, table.rows, (range) =>
        matrixBody(protocol, values, table.columns.size, range, inputs, output),
      );
    },
    async close() {},
  };
}

interface Asked {
  readonly endpoint: Endpoint;
  readonly options: EndpointOptions;
  readonly headers: Readonly<Record<string, string>>;
  readonly limits: Limits;
  readonly expects: ModelExpectation;
  readonly signal: AbortSignal;
}

interface Described {
  readonly inputs: readonly EndpointInput[];
  readonly classes: readonly string[] | undefined;
}

/** What the model says it takes. A server need not say; that it is there, and lets us in, shows here first. */
async function described({ endpoint, headers, limits, signal }: Asked): Promise<Described> {
  try {
    const { text } = await request(
      { url: endpoint.metadata, headers, what: "what it takes" },
      { ...limits, most: 2 ** 20 },
      signal,
    );
    return { inputs: readInputs(endpoint.protocol, text), classes: readClasses(text) };
  } catch (error) {
    if (
      error instanceof UserError &&
      / answered (4\d\d|501)/.test(error.message) &&
      !/ 40[13]/.test(error.message)
    )
      return { inputs: [], classes: undefined };
    throw error;
  }
}

/** Asks for all rows, batch by batch. */
async function ask(
  { endpoint, options, headers, limits, expects, signal, classes }: Asked & Described,
  rows: number,
  body: (range: RowRange) => string,
): Promise<Scores> {
  const batch = options.batch ?? BATCH;
  const ranges = Array.from({ length: Math.ceil(rows / batch) }, (_, place) => ({
    start: place * batch,
    end: Math.min((place + 1) * batch, rows),
  }));
  const answers = new Map<RowRange, RawAnswer>();
  const waiting = ranges.values();
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  const one = async (range: RowRange): Promise<void> => {
    const what = `rows ${range.start + 1} to ${range.end}`;
    const most = Math.min(limits.most, 2 ** 20 + (range.end - range.start) * PER_ROW);
    const question = mended(endpoint.url, what, () => body(range));
    const { text } = await request(
      { url: endpoint.url, body: question, headers, what },
      { ...limits, most },
      stop,
    );
    answers.set(
      range,
      mended(endpoint.url, what, () =>
        readAnswer(endpoint.protocol, text, range.end - range.start, expects.task, options.output),
      ),
    );
  };
  const worker = async (): Promise<void> => {
    for (const range of waiting) await one(range);
  };
  try {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, ranges.length) }, worker));
  } catch (error) {
    over.abort(); // the others' answers are of no use
    throw error;
  }
  const raw = answers.get(ranges[0] as RowRange)?.raw ?? 1;
  if (rows === 0) return { outputs: expects.outputs ?? 1, values: new Float64Array(0) };
  const gathered = gather(rows, readingOf(raw, classes, expects, endpoint.url), expects, endpoint.url);
  for (const range of ranges) {
    const answer = answers.get(range);
    if (answer === undefined || answer.raw !== raw)
      throw new UserError(
        `${endpoint.url} answered ${answer?.raw ?? 0} numbers a row for rows ${range.start + 1} to ${range.end}, and ${raw} before`,
      );
    gathered.add(answer.values);
  }
  return gathered.scores();
}

/** Puts the address and the rows before what is wrong with them. */
function mended<T>(url: string, what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UserError)
      throw new UserError(`${url} (${what}) ${error.message}`, { cause: error });
    throw error;
  }
}

function numbersOf({ rows, columns }: Table): Float64Array {
  const width = columns.size;
  const values = new Float64Array(rows * width);
  for (const [place, [name, column]] of [...columns].entries()) {
    if (column.kind === "text")
      throw new UserError(`the model takes one matrix of numbers, and column ${quoted(name)} is text`);
    for (let row = 0; row < rows; row++) values[row * width + place] = column.values[row] ?? Number.NaN;
  }
  return values;
}
