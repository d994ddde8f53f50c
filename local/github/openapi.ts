import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { Answer } from "./answers.ts";

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required?: boolean;
  readonly schema: { readonly type?: string };
}

interface Operation {
  readonly parameters: readonly Parameter[];
  readonly body?: { readonly required: boolean; readonly schema?: unknown };
  readonly answers: Readonly<Record<string, unknown>>;
}

interface Slice {
  readonly schemas: Readonly<Record<string, unknown>>;
  readonly operations: Readonly<Record<string, Operation>>;
}

/** What GitHub's published description says of one request or answer. */
export interface Description {
  /** What is wrong with a request, in GitHub's own manner; undefined where nothing is. */
  request(
    operation: string,
    params: Readonly<Record<string, string>>,
    query: URLSearchParams,
    body: unknown,
  ): string | undefined;
  answer(operation: string, answer: Answer): string | undefined;
}

let slice: Slice | undefined;
let ajv: Ajv | undefined;
const compiled = new Map<string, ValidateFunction>();

function validator(path: string): ValidateFunction {
  const known = compiled.get(path);
  if (known) return known;
  if (!ajv) {
    ajv = new Ajv({
      strict: false,
      allErrors: false,
      coerceTypes: false,
      inlineRefs: false,
      code: { optimize: false },
    });
    addFormats.default(ajv);
    ajv.addFormat("email", /^[^@\s]+@[^@\s]+$/); // a bot's has brackets, which the strict format does not know
    ajv.addSchema({ $id: "github", ...loaded() });
  }
  const made = ajv.compile({ $ref: `github#${path}` });
  compiled.set(path, made);
  return made;
}

function loaded(): Slice {
  slice ??= JSON.parse(readFileSync(new URL("./openapi.json", import.meta.url), "utf8")) as Slice;
  return slice;
}

const escaped = (part: string): string =>
  encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));

function wrong(path: string, value: unknown): string | undefined {
  const validate = validator(path);
  if (validate(value)) return undefined;
  const [first] = validate.errors ?? [];
  return `${first?.instancePath || "(root)"} ${first?.message ?? "is not valid"}${
    first?.params ? ` ${JSON.stringify(first.params)}` : ""
  }`;
}

/** A text of the address as the type that the description gives it. */
const typed = (value: string, type: string | undefined): unknown => {
  if ((type === "integer" || type === "number") && value.trim() !== "") return Number(value);
  if (type === "boolean") return value === "true" ? true : value === "false" ? false : value;
  return value;
};

/** Checks requests and answers by the slice of the description that stands beside this file. */
export function description(): Description {
  return {
    request(operation, params, query, body) {
      const found = loaded().operations[operation];
      if (!found) return `${operation} is not in the slice of the description`;
      const at = `/operations/${escaped(operation)}`;
      for (const [i, parameter] of found.parameters.entries()) {
        const { name } = parameter;
        const given = parameter.in === "path" ? params[name] : (query.get(name) ?? undefined);
        if (given === undefined) {
          if (parameter.required) return `${parameter.in} parameter ${name} is missing`;
          continue;
        }
        const problem = wrong(`${at}/parameters/${i}/schema`, typed(given, parameter.schema.type));
        if (problem) return `${parameter.in} parameter ${name}: ${problem}`;
      }
      if (!found.body) return undefined;
      if (body === undefined) return found.body.required ? "body is missing" : undefined;
      return found.body.schema === undefined ? undefined : wrong(`${at}/body/schema`, body);
    },
    answer(operation, { status, body }) {
      const found = loaded().operations[operation];
      if (!found) return undefined;
      if (!(String(status) in found.answers)) {
        return status < 400 ? `${status} is not an answer to it` : undefined;
      }
      if (found.answers[String(status)] === null || body === undefined) return undefined;
      return wrong(`/operations/${escaped(operation)}/answers/${status}`, JSON.parse(JSON.stringify(body)));
    },
  };
}
