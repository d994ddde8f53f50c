import { isMap, isScalar, isSeq, type YAMLMap } from "yaml";
import { type Place, UserError } from "../../errors.ts";
import { type Content, type Md5, md5 } from "./digest.ts";
import { joinPath, unsafePath } from "./path.ts";
import { parseYamlFile, type YamlFile } from "./yaml-file.ts";

/** One file or directory whose version a pointer file names. */
export interface PointerOut {
  /** Below the pointer file's folder, with `/`. */
  readonly path: string;
  readonly md5: Md5;
  readonly size?: number;
  readonly nfiles?: number;
  readonly executable: boolean;
  /** Whether its bytes are kept in the cache; else Git keeps them. */
  readonly cached: boolean;
  /** Whether `push` sends it. */
  readonly pushed: boolean;
  /** The remote that it has to itself. */
  readonly remote?: string;
  /** Where its md5 stands. */
  readonly at: Place;
}

/** A `.dvc` file of DVC 3. */
export interface Pointer {
  readonly outs: readonly PointerOut[];
  /** Whether it came from elsewhere, by `dvc import`; then only DVC may change it. */
  readonly imported: boolean;
}

/**
 * Reads a pointer file that may come from a stranger.
 *
 * @param file its path, for messages
 * @throws {UserError} at line and column: wrong types, no md5, a path that leads out of its folder
 *
 * @example parsePointer("outs:\n- md5: 60b725f10c9c85c70d97880dfe8191b3\n  size: 2\n  hash: md5\n  path: a.txt\n", "a.txt.dvc").outs[0].path // => "a.txt"
 * @example parsePointer("outs:\n- md5: 60b725f10c9c85c70d97880dfe8191b3\n  hash: md5\n  path: ../a\n", "a.dvc") // throws "a.dvc:4:9"
 */
export function parsePointer(text: string, file: string): Pointer {
  const yaml = parseYamlFile(text, file);
  const top = yaml.document.contents;
  if (!isMap(top)) throw new UserError('is no pointer file: it has no "outs"', { at: { file } });
  const outs = top.get("outs", true);
  if (!isSeq(outs) || outs.items.length === 0) {
    throw new UserError('"outs" is not a list with an entry; write the file anew with `trainyard add`', {
      at: yaml.place(outs ?? top),
    });
  }
  const folder = textOf(yaml, top, "wdir") ?? ".";
  return {
    outs: outs.items.map((item) => {
      if (!isMap(item))
        throw new UserError('"outs" holds something that is not a map', { at: yaml.place(item) });
      return outOf(yaml, item, folder);
    }),
    imported: top.has("deps"),
  };
}

function outOf(yaml: YamlFile, map: YAMLMap, folder: string): PointerOut {
  const name = textOf(yaml, map, "md5");
  const at = yaml.place(map.get("md5", true) ?? map);
  if (name === undefined) {
    const other = ["etag", "checksum", "files", "version_id"].find((key) => map.has(key));
    throw new UserError(
      other === undefined
        ? 'has no "md5"; fetch it with `dvc pull`, or write it with `trainyard add`'
        : `is told by "${other}", which is not supported yet by this version; only md5 is`,
      { at },
    );
  }
  const short = md5(name);
  if (short === undefined) throw new UserError(`md5 is "${name}"; it has 32 digits, 0-9 and a-f`, { at });
  if (textOf(yaml, map, "hash") !== "md5") {
    throw new UserError('has no "hash: md5", so it is of DVC 2; run `dvc cache migrate --dvc-files`', { at });
  }
  const size = countOf(yaml, map, "size");
  const nfiles = countOf(yaml, map, "nfiles");
  const remote = textOf(yaml, map, "remote");
  return {
    path: pathOf(yaml, map, folder),
    md5: short,
    ...(size === undefined ? {} : { size }),
    ...(nfiles === undefined ? {} : { nfiles }),
    executable: flagOf(yaml, map, "isexec") ?? false,
    cached: flagOf(yaml, map, "cache") ?? true,
    pushed: flagOf(yaml, map, "push") ?? true,
    ...(remote === undefined ? {} : { remote }),
    at,
  };
}

function pathOf(yaml: YamlFile, map: YAMLMap, folder: string): string {
  const path = textOf(yaml, map, "path");
  if (path === undefined) throw new UserError('has no "path"', { at: yaml.place(map) });
  const whole = path.startsWith("/") ? path : `${folder}/${path}`;
  const reason = unsafePath(whole);
  if (reason === undefined) return joinPath(whole);
  throw new UserError(`path is "${path}", which ${reason}; it is a file beside the pointer`, {
    at: yaml.place(map.get("path", true)),
  });
}

/** Text as it was written: DVC reads an md5 of digits alone as text, too. */
function textOf(yaml: YamlFile, map: YAMLMap, key: string): string | undefined {
  const node = map.get(key, true);
  if (node === undefined) return undefined;
  if (isScalar(node) && typeof node.value === "string") return node.value;
  if (isScalar(node) && typeof node.value === "number" && key === "md5" && node.source) return node.source;
  throw new UserError(`"${key}" is not a text`, { at: yaml.place(node) });
}

function countOf(yaml: YamlFile, map: YAMLMap, key: string): number | undefined {
  const node = map.get(key, true);
  if (node === undefined) return undefined;
  const value = isScalar(node) ? node.value : undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new UserError(`"${key}" is not a whole number`, { at: yaml.place(node) });
}

function flagOf(yaml: YamlFile, map: YAMLMap, key: string): boolean | undefined {
  const node = map.get(key, true);
  if (node === undefined) return undefined;
  if (isScalar(node) && typeof node.value === "boolean") return node.value;
  throw new UserError(`"${key}" is neither true nor false`, { at: yaml.place(node) });
}

/**
 * A pointer file for `path`, as DVC 3 writes it; what else the file held before stays, comments too.
 *
 * @param path the file's name, in the pointer's folder
 * @param before the pointer file as it was
 *
 * @example printPointer("a.txt", { md5: "60b725f10c9c85c70d97880dfe8191b3", sha256: "", size: 2 }) // => "outs:\n- md5: 60b725f10c9c85c70d97880dfe8191b3\n  size: 2\n  hash: md5\n  path: a.txt\n"
 */
export function printPointer(
  path: string,
  { md5, size, nfiles }: Content,
  options: { readonly executable?: boolean; readonly before?: string; readonly file?: string } = {},
): string {
  const entry = {
    md5,
    size,
    nfiles,
    isexec: options.executable === true ? true : undefined,
    hash: "md5",
    path,
  };
  const { document } = parseYamlFile(options.before ?? "outs: []\n", options.file ?? `${path}.dvc`);
  const kept = document.getIn(["outs", 0], true);
  if (isMap(kept)) {
    for (const [key, value] of Object.entries(entry)) {
      if (value === undefined) kept.delete(key);
      else if (key !== "path") kept.set(key, value);
    }
  } else {
    const present = Object.entries(entry).filter(([, value]) => value !== undefined);
    document.set("outs", document.createNode([Object.fromEntries(present)]));
  }
  return document.toString({ indentSeq: false, lineWidth: 0, singleQuote: true });
}
