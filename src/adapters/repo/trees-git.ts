import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { RemoteGit } from "./remote-git.ts";
import type { TreePlan } from "./trees-plan.ts";

/** Nothing in these repositories starts a program or rewrites a file. */
const CONFIG = `[core]
	repositoryFormatVersion = 0
	fileMode = true
	bare = false
	hooksPath = /dev/null
	fsmonitor = false
	autocrlf = false
	symlinks = false
	ignoreCase = false
[gc]
	auto = 0
[maintenance]
	auto = false
`;
/** What stands here goes before every `.gitattributes`: bytes are bytes. */
const ATTRIBUTES = "* -text -eol -ident -filter -working-tree-encoding -merge\n";

/**
 * Gives a laid-out folder its `.git`: HEAD at the commit, an index in which everything that was not
 * laid out counts as unchanged, and the store's packs, by hard links where the disk has them.
 */
export async function makeRepository(
  git: RemoteGit,
  store: string,
  folder: string,
  commit: string,
  plan: TreePlan,
  made: {
    /** Where data by digest are kept for all trees. */
    readonly cache: string;
    /** Where the folder will be. */
    readonly final: string;
    /** Files of `.git` of our own: where a commit cannot write. */
    readonly said: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const inner = join(folder, ".git");
  for (const name of ["refs/heads", "objects/pack", "info"])
    mkdirSync(join(inner, name), { recursive: true });
  for (const name of readdirSync(join(store, "objects", "pack"))) {
    share(join(store, "objects", "pack", name), join(inner, "objects", "pack", name));
  }
  if (existsSync(join(store, "shallow"))) copyFileSync(join(store, "shallow"), join(inner, "shallow"));
  writeFileSync(join(inner, "config"), CONFIG);
  writeFileSync(join(inner, "info", "attributes"), ATTRIBUTES);
  writeFileSync(join(inner, "info", "exclude"), ".dvc/config.local\n");
  writeFileSync(join(inner, "HEAD"), `${commit}\n`);
  shareCache(folder, plan, made.cache, made.final);

  await git.local(folder, ["read-tree", commit]);
  const flag = (option: string, paths: readonly string[]) =>
    git.local(
      folder,
      ["update-index", "-z", option, "--stdin"],
      Buffer.from(paths.map((path) => `${path}\0`).join(""), "latin1"),
    );
  await flag("--skip-worktree", plan.left);
  await flag("--assume-unchanged", plan.replaced);
  await git.local(folder, ["update-index", "-q", "--refresh"]).catch(() => {}); // says no where a file differs
  for (const [name, text] of Object.entries(made.said)) writeFileSync(join(inner, name), text);
}

/** Every `.dvc` of the tree, and one at its root, keeps data in the folder that all trees share. */
function shareCache(folder: string, { files }: TreePlan, cache: string, final: string): void {
  const above = files.flatMap(({ path }) => /^(.*?\/)?\.dvc(?=\/)/.exec(path)?.[0] ?? []);
  for (const settings of new Set([".dvc", ...above])) {
    const local = join(folder, settings, "config.local");
    mkdirSync(dirname(local), { recursive: true });
    const dir = relative(join(final, settings), cache).split(sep).join("/");
    rmSync(local, { force: true });
    writeFileSync(local, `[cache]\n    dir = ${dir}\n`);
  }
}

function share(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
