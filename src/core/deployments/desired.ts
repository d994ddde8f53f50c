import * as z from "zod";
import { UserError } from "../../errors.ts";
import { type Digest, md5, sha256 } from "../artifacts/digest.ts";
import { parseYamlFile } from "../artifacts/yaml-file.ts";

/**
 * What an environment is to serve of a model: `deployments/ENVIRONMENT/MODEL.yaml`. Two lines, of which
 * a promotion or a rollback changes one, so that a reviewer reads one line and says yes or no.
 */
export interface Desired {
  readonly model: string;
  readonly digest: Digest;
  /** `v1.2.0`, for the reader; the digest decides. Absent before the first release of these bytes. */
  readonly version?: string | undefined;
}

/** Where the desired states lie, from the repository's top. */
export const DEPLOYMENTS = "deployments";

const VERSION = /^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
const NAME = /^[A-Za-z0-9]([A-Za-z0-9_-]{0,98}[A-Za-z0-9])?$/;
const PATH = /^deployments\/([a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?)\/([^/]+)\.yaml$/;

const file = z.strictObject({
  model: z.string().regex(NAME, "is not a model's name"),
  serve: z.strictObject({
    version: z.string().regex(VERSION, "is not a version: v1.2.0").optional(),
    sha256: z.string(),
    md5: z.string(),
  }),
});

/**
 * @example desiredPath("production", "wages") // => "deployments/production/wages.yaml"
 */
export const desiredPath = (environment: string, model: string): string =>
  `${DEPLOYMENTS}/${environment}/${model}.yaml`;

/**
 * Which environment and model a path is the desired state of; undefined for any other path.
 *
 * @example environmentOf("deployments/production/wages.yaml") // => { environment: "production", model: "wages" }
 * @example environmentOf("deployments/../wages.yaml") // => undefined
 */
export function environmentOf(
  path: string,
): { readonly environment: string; readonly model: string } | undefined {
  const [, environment, model] = PATH.exec(path) ?? [];
  if (environment === undefined || model === undefined || !NAME.test(model)) return undefined;
  return { environment, model };
}

/**
 * Reads a desired state that anybody may have written.
 *
 * @param path from the repository's top: the file must speak of the model that it is named for
 * @throws {UserError} with line and column of what is wrong
 */
export function parseDesired(text: string, path: string): Desired {
  const { document, place } = parseYamlFile(text, path);
  const parsed = file.safeParse(document.toJS());
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = issue?.path ?? [];
    const where = at.length === 0 ? "" : `${at.join(".")} `;
    throw new UserError(
      `${where}${issue?.message ?? "is wrong"}; a desired state is "model: NAME" and "serve: { version: v1.2.0, sha256: …, md5: … }"`,
      { at: place(at) },
    );
  }
  const { model, serve } = parsed.data;
  const [long, short] = [sha256(serve.sha256), md5(serve.md5)];
  if (long === undefined) {
    throw new UserError(`serve.sha256 is "${serve.sha256}", which is not a sha256`, {
      at: place(["serve", "sha256"]),
    });
  }
  if (short === undefined) {
    throw new UserError(`serve.md5 is "${serve.md5}", which is not an md5`, { at: place(["serve", "md5"]) });
  }
  const named = environmentOf(path)?.model;
  if (named !== undefined && named !== model) {
    throw new UserError(`model is "${model}", and the file is that of "${named}"`, { at: place(["model"]) });
  }
  return { model, digest: { sha256: long, md5: short }, version: serve.version };
}

/**
 * The text of a desired state; the same state is the same text.
 */
export function writeDesired({ model, digest, version }: Desired): string {
  const named = version === undefined ? "" : `version: ${version}, `;
  return `model: ${scalar(model)}\nserve: { ${named}sha256: ${scalar(digest.sha256)}, md5: ${scalar(digest.md5)} }\n`;
}

/** Digits alone, or with one e among them, would be read as a number: one digest in a million is such. */
const scalar = (text: string): string =>
  /^(\d+(e\d+)?|true|false|null)$/i.test(text) ? JSON.stringify(text) : text;
