/** What nobody who uses an action runs; each `uses:` downloads the whole tree. */
const LEFT_OUT = ["test", "bench", "local"];

/**
 * The tree of a release: main's, with the built `dist/`, without what only we need. Made in an index of
 * its own, so that neither branch nor working files notice.
 *
 * @returns the tree's id
 */
export function releaseTree(git, dist, index) {
  const aside = { GIT_INDEX_FILE: index };
  git("read-tree", "HEAD", aside);
  git("rm", "-r", "--cached", "--quiet", "--ignore-unmatch", ...LEFT_OUT, aside);
  const built = {
    ...aside,
    GIT_WORK_TREE: dist.replace(/dist$/, ""),
    GIT_DIR: git("rev-parse", "--absolute-git-dir"),
  };
  git("add", "--force", "dist", built);
  return git("write-tree", aside);
}
