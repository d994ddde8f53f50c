import { posix } from "node:path";
import { trimmedEnd } from "../text/trimmed-end.ts";

/**
 * Why a path that somebody wrote is not one of a file inside the repository, or undefined where it is.
 *
 * Refused are ways out of the folder and into what Git and DVC keep for themselves: a pointer file
 * from a stranger's branch must not be able to place a hook or an SSH key.
 *
 * @example unsafePath("data/cps.csv") // => undefined
 * @example unsafePath("../../.ssh/authorized_keys") // => 'leads out of its folder with ".."'
 * @example unsafePath(".git/hooks/post-checkout") // => "leads into .git"
 */
export function unsafePath(path: string): string | undefined {
  if (path === "") return "is empty";
  if (path.includes("\0")) return "holds a zero byte";
  if (/^([/\\]|[a-z]:)/i.test(path)) return "is absolute";
  const parts = path.split(/[/\\]/);
  if (parts.includes("..")) return 'leads out of its folder with ".."';
  if (parts.every((part) => part === "" || part === ".")) return "names no file";
  const inner = parts.find((part) =>
    /^\.(git|dvc|hg)$/i.test(trimmedEnd(part, (one) => one === " " || one === ".")),
  );
  return inner === undefined ? undefined : `leads into ${inner.toLowerCase()}`;
}

/** Where a path lies below the repository's root, or why it lies nowhere there. */
export type Place = { readonly path: string } | { readonly reason: string };

/**
 * Where a path lies that a file of the repository names, from folders on. It may begin with `../`, as long
 * as it stays in the repository.
 *
 * @param folders below the root, each from the one before: the file's own, its `wdir`
 *
 * @example placeFrom(["pipelines", "a"], "../../models/m.onnx") // => { "path": "models/m.onnx" }
 * @example placeFrom(["pipelines", "."], "../../m.onnx") // => { "reason": 'leads out of its folder with ".."' }
 */
export function placeFrom(folders: readonly string[], path: string): Place {
  const steps = path.replace(/^(?:\.\.?\/)+/, "");
  const absolute = [...folders.slice(1), path].some((part) => /^(?:[/\\]|[a-z]:[/\\])/i.test(part));
  const place = posix.join(...folders, path);
  const reason = absolute
    ? "is absolute"
    : (unsafePath(steps === "" ? path : `./${steps}`) ?? unsafePath(`./${place}`));
  return reason === undefined ? { path: place } : { reason };
}

/**
 * Joins a folder and a path below it, both with `/`; `.` and empty parts fall away.
 *
 * @example joinPath("data", "./raw/cps.csv") // => "data/raw/cps.csv"
 * @example joinPath("", "cps.csv") // => "cps.csv"
 */
export function joinPath(...parts: readonly string[]): string {
  const [folder, path = ""] = parts;
  if (folder === "" && parts.length === 2 && !/^\.?\/|\/\.?(?:\/|$)|^\.?$/.test(path)) return path; // most of them
  return parts
    .flatMap((part) => part.split("/"))
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}
