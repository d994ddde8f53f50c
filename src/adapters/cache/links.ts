import { constants, copyFileSync, linkSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { UserError } from "../../errors.ts";
import { settledTime } from "../files/settled.ts";

/** How a working file comes from its object. */
export type LinkType = "reflink" | "hardlink" | "symlink" | "copy";

export const LINK_TYPES: readonly LinkType[] = ["reflink", "hardlink", "symlink", "copy"];
/** What DVC does where nothing is said. */
export const DEFAULT_LINKS: readonly LinkType[] = ["reflink", "copy"];

/** What a file system answers that cannot make a kind of link, or not between these two places. */
const UNSUPPORTED: ReadonlySet<string> = new Set([
  "EPERM",
  "ENOTSUP",
  "EOPNOTSUPP",
  "EXDEV",
  "ENOTTY",
  "ENOSYS",
  "EINVAL",
  "EAGAIN",
  "EMLINK", // so many names has a file of one object only; the next one is made otherwise
]);

/** Tries the kinds of links in order, as DVC does. */
export interface Linker {
  /**
   * Makes `to`, which is not there yet, from an object, without copying its bytes.
   *
   * @returns what was made; undefined where a copy is to be made
   * @throws {UserError} where nothing of what is allowed can be made
   */
  link(object: string, to: string, size: number): Exclude<LinkType, "copy"> | undefined;
  /** Whether working files may be the objects themselves, which nobody must write to. */
  readonly shares: boolean;
}

/** Below this a copy that is hashed in memory is as quick as a shared block, and takes as little room. */
const WORTH_SHARING = 1 << 16;

/** @param types `cache.type`, in the order of preference */
export function linker(types: readonly LinkType[]): Linker {
  const useless = new Set<LinkType>();
  return {
    get shares() {
      const first = types.find((type) => !useless.has(type));
      return first === "hardlink" || first === "symlink";
    },

    link(object, to, size) {
      for (const type of types) {
        if (type === "copy") return undefined;
        if (useless.has(type) || (type === "reflink" && size <= WORTH_SHARING && types.includes("copy")))
          continue;
        try {
          if (type === "reflink")
            copyFileSync(object, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
          else makeLink(type, object, to, size);
          return type;
        } catch (error) {
          const { code = "" } = error as NodeJS.ErrnoException;
          if (!UNSUPPORTED.has(code)) throw error;
          if (code !== "EMLINK") useless.add(type);
        }
      }
      throw new UserError(
        `cache.type is ${types.join(", ")}, and none of it can be made from ${object} to ${to}; allow "copy", too`,
      );
    },
  };
}

function makeLink(type: "hardlink" | "symlink", object: string, to: string, size: number): void {
  if (size === 0) {
    writeFileSync(to, "", { flag: "wx" }); // as DVC does: thousands of empty files would share one object
    return;
  }
  if (type === "hardlink") linkSync(object, to);
  else symlinkSync(object, to);
  try {
    const time = settledTime();
    if (statSync(object).mtimeMs / 1000 > time) utimesSync(object, time, time);
  } catch {
    // somebody else's object: it is hashed once more
  }
}

/** The kinds of links that `.dvc/config` names. @throws {UserError} where there is no such kind */
export function linkTypes(
  setting: string | undefined,
  at: { readonly file: string; readonly line?: number } | undefined,
): readonly LinkType[] {
  if (setting === undefined) return DEFAULT_LINKS;
  const names = setting.split(",").map((name) => name.trim());
  const wrong = names.find((name) => !LINK_TYPES.includes(name as LinkType));
  if (wrong === undefined) return names as LinkType[];
  throw new UserError(
    `cache.type is "${setting}"; it lists ${LINK_TYPES.join(", ")}`,
    at === undefined ? {} : { at },
  );
}
