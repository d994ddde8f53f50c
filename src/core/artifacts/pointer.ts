import { posix } from "node:path";
import { UserError } from "../../errors.ts";
import { type DataEntry, dataEntry } from "./entry.ts";
import {
  entriesAt,
  type Found,
  flagAt,
  isMapping,
  listAt,
  mapAt,
  mapsAt,
  readFound,
  textAt,
  under,
  wrong,
} from "./found.ts";
import type { Json } from "./ingredient.ts";
import { placeFrom } from "./path.ts";

/** One file or directory whose version a pointer file names. */
export interface PointerOut extends DataEntry {
  /** With `/`, below what the pointer file's own path is below of. */
  readonly path: string;
  /** Whether its bytes are kept in the cache; else Git keeps them. */
  readonly cached: boolean;
  /** Whether `push` sends it. */
  readonly pushed: boolean;
  /** Whether a stage finds it as its last run left it. */
  readonly persist: boolean;
  /** The remote that it has to itself. */
  readonly remote?: string;
  readonly desc?: string;
  readonly type?: string;
  readonly labels: readonly string[];
  readonly meta?: Json;
}

/** Another repository that something was imported from. */
export interface SourceRepo {
  /** A url or a path, as it was given. */
  readonly url: string;
  /** The branch or tag that is followed. */
  readonly rev?: string;
  /** The commit that it came from. */
  readonly revLock?: string;
  readonly config?: Json;
  readonly remote?: Json;
}

/** Where an import came from. */
export interface PointerDep extends DataEntry {
  /** A path in the other repository, or a url; as it was written, by anybody. */
  readonly path?: string;
  readonly repo?: SourceRepo;
  /** The query of `dvc import-db`. */
  readonly db?: Readonly<Record<string, string>>;
}

/** A `.dvc` file of DVC 2 or 3. */
export interface Pointer {
  readonly outs: readonly PointerOut[];
  readonly deps: readonly PointerDep[];
  /** Over the file's own content; imports have it. */
  readonly md5?: string;
  /** That nobody asks whether what it came from has changed. */
  readonly frozen: boolean;
  readonly alwaysChanged: boolean;
  readonly desc?: string;
  readonly meta?: Json;
  /** Whether it came from elsewhere, by `import`; then only `import` and `update` change it. */
  readonly imported: boolean;
}

/**
 * Reads a pointer file that may come from a stranger.
 *
 * @param file its path, below the repository's root
 * @throws {UserError} at line and column: wrong types, a path that leads out of the repository
 *
 * @example parsePointer("outs:\n- md5: 60b725f10c9c85c70d97880dfe8191b3\n  size: 2\n  hash: md5\n  path: a.txt\n", "data/a.txt.dvc").outs[0].path // => "data/a.txt"
 * @example parsePointer("outs:\n- md5: 60b725f10c9c85c70d97880dfe8191b3\n  path: a.txt\n", "a.txt.dvc").outs[0].name // => "md5-dos2unix:60b725f10c9c85c70d97880dfe8191b3"
 * @example parsePointer("outs:\n- md5: 60b725f10c9c85c70d97880dfe8191b3\n  hash: md5\n  path: ../a\n", "a.dvc") // throws "a.dvc:4:9"
 */
export function parsePointer(text: string, file: string): Pointer {
  return readFound(text, file, (top) => {
    if (!isMapping(top.value)) throw new UserError('is no pointer file: it has no "outs"', { at: { file } });
    if (under(top, "cmd").value !== undefined) {
      wrong(under(top, "cmd"), 'has a "cmd", so it is a stage of DVC 0.x; move it to dvc.yaml');
    }
    const outs = under(top, "outs");
    if (!Array.isArray(outs.value) || outs.value.length === 0) {
      wrong(outs, '"outs" is not a list with an entry; write the file anew with `trainyard add`');
    }
    const wdir = textAt(top, "wdir") ?? ".";
    const deps = mapsAt(top, "deps").map(depOf);
    const own = textAt(top, "md5");
    return {
      outs: mapsAt(top, "outs").map((out) => outOf(out, file, wdir)),
      deps,
      ...(own === undefined ? {} : { md5: own }),
      frozen: flagAt(top, "frozen") ?? flagAt(top, "locked") ?? false,
      alwaysChanged: flagAt(top, "always_changed") ?? false,
      ...described(top),
      imported: deps.length > 0,
    };
  });
}

function outOf(map: Found, file: string, wdir: string): PointerOut {
  const path = textAt(map, "path") ?? wrong(map, 'has no "path"');
  const place = placeFrom([posix.dirname(file), wdir], path);
  if ("reason" in place) {
    wrong(under(map, "path"), `path is "${path}", which ${place.reason}; it is a file of the repository`);
  }
  const entry = dataEntry(map);
  const remote = textAt(map, "remote");
  const type = textAt(map, "type");
  return {
    path: place.path,
    ...entry,
    cached: flagAt(map, "cache") ?? true,
    pushed: flagAt(map, "push") ?? true,
    persist: flagAt(map, "persist") ?? false,
    ...(remote === undefined ? {} : { remote }),
    ...(type === undefined ? {} : { type }),
    labels: listAt(map, "labels").map((label) =>
      typeof label.value === "string" ? label.value : wrong(label, "a label is not a text"),
    ),
    ...described(map),
  };
}

function described(map: Found): { desc?: string; meta?: Json } {
  const desc = textAt(map, "desc");
  const meta = under(map, "meta").value as Json | undefined;
  return { ...(desc === undefined ? {} : { desc }), ...(meta === undefined ? {} : { meta }) };
}

function depOf(map: Found): PointerDep {
  const path = textAt(map, "path");
  const repo = mapAt(map, "repo");
  const db = mapAt(map, "db");
  if (path === undefined && db === undefined) wrong(map, 'has no "path"');
  return {
    ...(path === undefined ? {} : { path }),
    ...dataEntry(map),
    ...(repo === undefined ? {} : { repo: repoOf(repo) }),
    ...(db === undefined
      ? {}
      : {
          db: Object.fromEntries(entriesAt(map, "db").map(([key]) => [key, textAt(db, key) ?? ""])),
        }),
  };
}

function repoOf(map: Found): SourceRepo {
  const rev = textAt(map, "rev");
  const revLock = textAt(map, "rev_lock");
  const { config, remote } = map.value as { config?: Json; remote?: Json };
  return {
    url: textAt(map, "url") ?? wrong(map, 'has no "url"'),
    ...(rev === undefined ? {} : { rev }),
    ...(revLock === undefined ? {} : { revLock }),
    ...(config === undefined ? {} : { config }),
    ...(remote === undefined ? {} : { remote }),
  };
}
