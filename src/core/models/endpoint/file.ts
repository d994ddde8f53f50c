import * as z from "zod";
import { UserError } from "../../../errors.ts";

/** What a model's folder says of a model that lies at an address. */
export const ENDPOINT_FILE = "endpoint.json";

const endpoint = z.strictObject({
  schema: z.literal("trainyard/endpoint/1"),
  url: z.string().max(2000),
  /** The environment variable that holds the token; the token itself stands nowhere. */
  token_from: z.string().max(100).nullable(),
  output: z.string().max(200).nullable(),
  takes: z.enum(["columns", "matrix"]).nullable(),
  batch: z.number().int().min(1).max(10_000).nullable(),
});

/** A model that lies at an address, as its folder says it. */
export type EndpointFile = z.output<typeof endpoint>;

/** What the contract says of an address. */
export interface ToldEndpoint {
  readonly endpoint: string;
  readonly token_from?: string | undefined;
  readonly output?: string | undefined;
  readonly takes?: "columns" | "matrix" | undefined;
  readonly batch?: number | undefined;
}

/** What a model's folder says of the address that the contract names: the same of the same is the same text. */
export function endpointText(told: ToldEndpoint): string {
  const said: EndpointFile = {
    schema: "trainyard/endpoint/1",
    url: told.endpoint,
    token_from: told.token_from ?? null,
    output: told.output ?? null,
    takes: told.takes ?? null,
    batch: told.batch ?? null,
  };
  return `${JSON.stringify(said, undefined, 2)}\n`;
}

/**
 * Reads what a model's folder says of an address.
 *
 * @example parseEndpoint("{}", "wages") // throws "wages/endpoint.json is no description of an address"
 */
export function parseEndpoint(text: string, folder: string): EndpointFile {
  try {
    return endpoint.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError(`${folder}/${ENDPOINT_FILE} is no description of an address`, { cause });
  }
}
