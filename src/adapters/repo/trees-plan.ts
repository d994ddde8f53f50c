import { plain } from "../../core/report/escape.ts";
import { UserError } from "../../errors.ts";
import { foldedName, treePathProblem } from "./trees-paths.ts";

/** One file of a commit, as `git ls-tree -r -l -z` says it. */
export interface Entry {
  /** `100644`, `100755`, `120000` (a link), `160000` (a submodule) */
  readonly mode: string;
  readonly id: string;
  /** Bytes; 0 of what is no file. */
  readonly size: number;
  /** Its path, byte for byte, one character each; what Git is told. */
  readonly raw: string;
  /** Its path as text; undefined where it is none. */
  readonly path: string | undefined;
}

/** What of a commit becomes files. */
export interface TreePlan {
  readonly files: readonly (Entry & { readonly path: string })[];
  /** Raw paths that the commit has and the folder has not. */
  readonly left: readonly string[];
  /** Raw paths at which the folder has another file than the commit. */
  readonly replaced: readonly string[];
  readonly notes: readonly string[];
}

type Fate = "written" | "remotes" | keyof typeof LEFT;

/** What is not laid out, and what a note calls it. */
const LEFT = {
  link: "symbolic links",
  submodule: "submodules",
  nameless: "files whose names are no text",
  planted: "files where only tools write (.trainyard, node_modules, .dvc/cache, .dvc/tmp, .dvc/config.local)",
} as const;

export function parseEntries(listing: Buffer): readonly Entry[] {
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return listing
    .toString("latin1")
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => {
      const tab = line.indexOf("\t");
      const [mode = "", , id = "", size = ""] = line.slice(0, tab).split(/ +/);
      const raw = line.slice(tab + 1);
      let path: string | undefined;
      try {
        path = utf8.decode(Buffer.from(raw, "latin1"));
      } catch {
        path = undefined;
      }
      return { mode, id, size: Number(size) || 0, raw, path };
    });
}

/**
 * @param name what the tree is called, for messages
 * @param remotes the tree whose `.dvc/` takes the place of this one's, and what it is called
 * @throws {UserError} where a path must not be written anywhere
 */
export function planTree(
  name: string,
  entries: readonly Entry[],
  remotes: { readonly name: string; readonly entries: readonly Entry[] } | undefined,
): TreePlan {
  const fates = entries.map((entry) => [entry, fateOf(name, entry)] as const);
  const own = (fate: Fate) => fates.filter(([, of]) => of === fate).map(([entry]) => entry);
  const written = own("written");
  const notes = (Object.keys(LEFT) as (keyof typeof LEFT)[]).flatMap((fate) => {
    const left = own(fate);
    return left.length === 0 ? [] : [`${name}: not laid out are ${LEFT[fate]}: ${someOf(left)}`];
  });
  const left = Object.keys(LEFT).flatMap((fate) => own(fate as Fate));
  const settings = own("remotes");
  if (remotes === undefined) {
    return { files: named([...written, ...settings]), left: raws(left), replaced: [], notes };
  }

  const theirs = remotes.entries.filter((entry) => fateOf(remotes.name, entry) === "remotes");
  const fit = theirs.filter(({ raw }) => !written.some((file) => raw.startsWith(`${file.raw}/`)));
  const there = new Map(fit.map((entry) => [entry.raw, entry]));
  const same = ({ raw, id, mode }: Entry) => there.get(raw)?.id === id && there.get(raw)?.mode === mode;
  const others = settings.filter((entry) => !same(entry));
  const known = new Set(raws(settings));
  const differing = [...others, ...theirs.filter(({ raw }) => !known.has(raw))];
  return {
    files: named([...written, ...fit]),
    left: raws([...left, ...others.filter(({ raw }) => !there.has(raw))]),
    replaced: raws(others.filter(({ raw }) => there.has(raw))),
    notes: [
      ...notes,
      ...(differing.length === 0
        ? []
        : [`${name}: not as in ${remotes.name}, whose .dvc is in force: ${someOf(differing)}`]),
    ],
  };
}

function fateOf(tree: string, { mode, path, raw }: Entry): Fate {
  const shown = path ?? raw;
  const problem = treePathProblem(shown);
  if (problem !== undefined) {
    throw new UserError(`"${plain(shown, 100)}" in ${tree} ${problem}; such a commit is not laid out`);
  }
  const parts = shown.split(/[/\\]/).map(foldedName);
  if (parts.some((part) => part === ".trainyard" || part === "node_modules")) return "planted";
  const dvc = parts.indexOf(".dvc");
  if (dvc >= 0 && /^(|cache|tmp|config\.local)$/.test(parts[dvc + 1] ?? "")) return "planted";
  if (path === undefined) return "nameless";
  if (mode === "120000") return "link";
  if (mode !== "100644" && mode !== "100755") return "submodule";
  return dvc >= 0 ? "remotes" : "written";
}

function named(entries: readonly Entry[]): TreePlan["files"] {
  return entries.flatMap((entry) => (entry.path === undefined ? [] : [{ ...entry, path: entry.path }]));
}

function raws(entries: readonly Entry[]): string[] {
  return entries.map(({ raw }) => raw);
}

/** The first few by name, and how many more. */
function someOf(entries: readonly Entry[]): string {
  const shown = entries.slice(0, 5).map(({ path, raw }) => `"${plain(path ?? raw, 80)}"`);
  const more = entries.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
