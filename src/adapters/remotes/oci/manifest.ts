import { type Sha256, sha256 } from "../../../core/artifacts/digest.ts";
import { UserError } from "../../../errors.ts";
import { parseStamp, printStamp } from "../volumes/stamp.ts";
import { type Blob, sha256Of } from "../volumes/volume.ts";

/** The media types of a push. */
export const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const PUSH = "application/vnd.trainyard.objects.v1";
const INDEX = "application/vnd.trainyard.objects.index.v1+text";
const OBJECTS = "application/vnd.trainyard.objects.v1+concat";
const NOTHING = "application/vnd.oci.empty.v1+json";

/** The config of what is no image: `{}`. */
export const EMPTY = Buffer.from("{}");

/** What one manifest says. */
export interface PushManifest {
  readonly index: Blob;
  /** The index itself, where it is small enough to stand here. */
  readonly inline: Buffer | undefined;
  /** Blobs that hold objects one behind the other; an object that is too large goes on in the next. */
  readonly layers: readonly Blob[];
}

/** An index up to here stands in the manifest, too, so that a reader asks once. */
const INLINE = 128 << 10;
/** A manifest with as many layers stays below what registries take. */
export const MOST_LAYERS = 8000;
/** An index of two million objects is smaller. */
const LARGEST_INDEX = 256 << 20;

/** The bytes of a push's manifest. */
export function printPush(
  index: Uint8Array,
  layers: readonly Blob[],
  annotations: Readonly<Record<string, string>>,
): Buffer {
  const descriptor = (mediaType: string, { sha256, size }: Blob) => ({
    mediaType,
    digest: `sha256:${sha256}`,
    size,
  });
  const whole = { sha256: sha256Of(index), size: index.length };
  const data = index.length <= INLINE ? { data: Buffer.from(index).toString("base64") } : {};
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      artifactType: PUSH,
      config: descriptor(NOTHING, { sha256: sha256Of(EMPTY), size: EMPTY.length }),
      layers: [{ ...descriptor(INDEX, whole), ...data }, ...layers.map((one) => descriptor(OBJECTS, one))],
      annotations,
    }),
  );
}

/**
 * What a manifest says, which may come from anybody.
 *
 * @returns undefined where it is the manifest of something else
 * @throws {UserError} where it calls itself a push and is none
 */
export function parsePush(bytes: Uint8Array, where: string): PushManifest | undefined {
  const wrong = new UserError(`${where} is no push of Trainyard's, although it says so; delete it`);
  let found: Record<string, unknown>;
  try {
    found = recordOf(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch {
    throw wrong;
  }
  if (found.artifactType !== PUSH) return undefined;
  const all = Array.isArray(found.layers) ? found.layers.map(recordOf) : [];
  const [first, ...rest] = all;
  if (first?.mediaType !== INDEX || rest.length > MOST_LAYERS) throw wrong;
  const index = blobOf(first);
  const layers = rest.map(blobOf);
  if (index === undefined || index.size > LARGEST_INDEX || layers.includes(undefined)) throw wrong;
  const inline = typeof first.data === "string" ? Buffer.from(first.data, "base64") : undefined;
  const fits = inline !== undefined && inline.length === index.size && sha256Of(inline) === index.sha256;
  return { index, inline: fits ? inline : undefined, layers: layers as Blob[] };
}

function blobOf({ digest, size }: Readonly<Record<string, unknown>>): Blob | undefined {
  const long = typeof digest === "string" ? sha256(digest.replace(/^sha256:/, "")) : undefined;
  if (long === undefined || typeof size !== "number" || !Number.isSafeInteger(size) || size < 0)
    return undefined;
  return { sha256: long, size };
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** `push-20261121T172549Z-` and the manifest's digest: a tag is written once, and says what it names. */
export function tagOf(time: Date, digest: Sha256): string {
  return `push-${printStamp(time)}-${digest}`;
}

/**
 * What a tag of ours says, or undefined where it is somebody else's.
 *
 * @example parseTag("latest") // => undefined
 */
export function parseTag(tag: string): { readonly time: Date; readonly digest: Sha256 } | undefined {
  const [, stamp = "", digits = ""] = /^push-(\d{8}T\d{6}Z)-([0-9a-f]{64})$/.exec(tag) ?? [];
  const time = parseStamp(stamp);
  const digest = sha256(digits);
  return time === undefined || digest === undefined ? undefined : { time, digest };
}
