import { UserError } from "../../../errors.ts";
import { oneLine } from "../../text/one-line.ts";

/** What a server of models speaks: TensorFlow Serving's REST API (KServe's v1), or the Open Inference Protocol. */
export type Protocol = "v1" | "v2";

/** A model at an address. */
export interface Endpoint {
  readonly protocol: Protocol;
  /** Where rows are sent. */
  readonly url: string;
  /** Where the model says what it takes. */
  readonly metadata: string;
}

/** How an endpoint is asked, beyond its address. */
export interface EndpointOptions {
  /** The environment variable that holds the token, which is sent as `Authorization: Bearer`. */
  readonly tokenFrom?: string;
  /** The output with the scores, where there are several. */
  readonly output?: string;
  /** Whether rows go as columns by name or as one matrix of numbers; else as the model says itself. */
  readonly takes?: "columns" | "matrix";
  /** Rows of one request. */
  readonly batch?: number;
}

/** Whether a model is named by an address, not by a file. */
export const isEndpoint = (model: string): boolean => /^https?:\/\//i.test(model);

/**
 * Reads a model's address.
 *
 * @throws {UserError} where it is of neither protocol, or holds a password
 * @example endpointOf("http://localhost:8501/v1/models/wages").url // => "http://localhost:8501/v1/models/wages:predict"
 * @example endpointOf("https://models.example.com/v2/models/wages/infer").protocol // => "v2"
 * @example endpointOf("https://models.example.com/wages") // throws "right is"
 */
export function endpointOf(address: string): Endpoint {
  const shown = oneLine(address.slice(0, 200));
  if (!URL.canParse(address) || !isEndpoint(address))
    throw new UserError(`"${shown}" is no address of a model; ${RIGHT}`);
  const url = new URL(address);
  if (url.username !== "" || url.password !== "")
    throw new UserError(
      `the address of a model holds a name or password; a token is named by its environment variable instead`,
    );
  if (url.hash !== "") throw new UserError(`"${shown}" ends in "${oneLine(url.hash)}"; ${RIGHT}`);
  const [, one] =
    /^(.*\/v1\/models\/[^/:]+(?:\/(?:versions|labels)\/[^/:]+)?)(?::predict)?$/.exec(url.pathname) ?? [];
  const [, two] = /^(.*\/v2\/models\/[^/:]+(?:\/versions\/[^/:]+)?)(?:\/infer)?$/.exec(url.pathname) ?? [];
  const at = (path: string) => `${url.origin}${path}${url.search}`;
  if (one !== undefined)
    return { protocol: "v1", url: at(`${one}:predict`), metadata: at(`${one}/metadata`) };
  if (two !== undefined) return { protocol: "v2", url: at(`${two}/infer`), metadata: at(two) };
  throw new UserError(`"${shown}" is of no protocol that is spoken here; ${RIGHT}`);
}

const RIGHT =
  "right is https://HOST/v1/models/NAME:predict (TensorFlow Serving) or https://HOST/v2/models/NAME/infer (KServe)";

/** Names of variables that may hold a token: none of another service's, which a contract could then send away. */
export const TOKEN_NAME = /^([A-Z][A-Z0-9_]{0,80}_)?ENDPOINT_TOKEN$/;

/**
 * The headers that carry a token.
 *
 * @param value what the variable holds
 * @throws {UserError} where it is not set, is no header, or would go over an open wire
 */
export function tokenHeaders(
  { url }: Endpoint,
  name: string | undefined,
  value: (name: string) => string | undefined,
): Readonly<Record<string, string>> {
  if (name === undefined) return {};
  if (!TOKEN_NAME.test(name))
    throw new UserError(
      `the token's variable is called "${oneLine(name.slice(0, 100))}"; right is a name that ends in ENDPOINT_TOKEN, so that no other service's secret is sent`,
    );
  const token = value(name)?.trim() ?? "";
  if (token === "") throw new UserError(`${name} is not set; it holds the token of ${new URL(url).host}`);
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new UserError(`${name} does not hold a token: it has spaces or line ends`);
  const { protocol, hostname } = new URL(url);
  if (protocol === "http:" && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname))
    throw new UserError(
      `${new URL(url).origin} would be sent a token that everybody on the way can read; right is https`,
    );
  return { authorization: `Bearer ${token}` };
}
