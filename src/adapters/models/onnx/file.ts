import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { inspectOnnx, type OnnxFile } from "../../../core/models/onnx/inspect.ts";
import { type KnownOnnx, knownModel, type SealedOnnx, sealedModel } from "../../../core/models/onnx/known.ts";
import { quoted } from "../../../core/models/onnx/quoted.ts";
import { inOneFile, withoutMaps } from "../../../core/models/onnx/rewrite.ts";
import { UserError } from "../../../errors.ts";

const LARGEST = 2 ** 31 - 1; // Protocol Buffers' own limit

/** An ONNX file that was looked through, whole. */
export interface ReadOnnx {
  readonly bytes: KnownOnnx;
  readonly file: OnnxFile;
}

/**
 * Reads an ONNX file with the weights that lie beside it, and looks through all of it before any runtime
 * sees it.
 *
 * @throws {UserError} where it is damaged, is no data, or leaves its folder
 */
export function readOnnx(path: string): ReadOnnx {
  const { size } = statSync(path);
  if (size > LARGEST)
    throw new UserError(`${path} is ${size} bytes large; an ONNX file has at most ${LARGEST}`);
  return naming(path, () => {
    const bytes = knownModel(readFileSync(path));
    const file = inspectOnnx(bytes);
    if (file.external.length === 0) return { bytes, file };
    const folder = realpathSync(dirname(path));
    return { bytes: inOneFile(bytes, (...part) => weights(folder, ...part)), file };
  });
}

/**
 * What a runtime sees of a model: known fields alone, and nothing that names another file.
 *
 * @throws {UserError} where it would open one all the same
 */
export const runnable = ({ bytes, file }: ReadOnnx, path: string): SealedOnnx =>
  naming(path, () => sealedModel(withoutMaps(bytes, file.maps)));

function naming<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`${path} cannot be used: ${error.message}`);
    throw error;
  }
}

/** Copies a model as one file; the bytes stay what they are where it is one of known fields already. */
export async function keepOnnx(from: string, to: string): Promise<void> {
  const { bytes } = readOnnx(from);
  await writeFile(to, bytes);
}

/** Some bytes of a file of weights, which is a plain file of the model's own folder. */
function weights(folder: string, location: string, offset: number, length: number): Uint8Array {
  const path = plainFile(folder, location);
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    if (offset + length > size)
      throw new UserError(
        `its weights go up to byte ${offset + length} of ${quoted(location)}, which has ${size}: the model was cut off, or its files do not belong together`,
      );
    const bytes = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; ) {
      const read = readSync(file, bytes, at, length - at, offset + at);
      if (read === 0) throw new UserError(`${quoted(location)} became shorter while it was read`);
      at += read;
    }
    return bytes;
  } finally {
    closeSync(file);
  }
}

function plainFile(folder: string, location: string): string {
  const parts = location.split(/[\\/]/);
  // what is hidden belongs to somebody else: `.env` and `.git` lie beside a model in the root of a repository
  const leaves = /^([a-z][a-z0-9+.-]*:|[\\/])/i.test(location) || parts.some((part) => /^\..+/.test(part));
  if (location === "" || leaves || location.includes("\0"))
    throw new UserError(
      `its weights lie in another file, ${quoted(location)}; right is a file in the model's own folder, or one file, with save_as_external_data=False`,
    );
  const path = join(folder, ...parts);
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined)
    throw new UserError(`its weights lie in another file, ${quoted(location)}, which is not there`);
  if (!there.isFile() || relative(folder, realpathSync(path)) !== join(...parts).replaceAll("/", sep))
    throw new UserError(
      `its weights lie in ${quoted(location)}, which is a link or no file; right is a plain file in the model's own folder`,
    );
  return path;
}
