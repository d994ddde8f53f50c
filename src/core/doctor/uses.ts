/** What stands behind `uses:`. */
export type Used =
  /** `$/actions/x` or `./actions/x`: the repository's own, at the running commit. */
  | { readonly kind: "own"; readonly path: string }
  | { readonly kind: "docker"; readonly image: string }
  /** `owner/name/path@ref` */
  | {
      readonly kind: "repository";
      /** `owner/name` */
      readonly repository: string;
      /** Below the repository; empty for its root. */
      readonly path: string;
      /** Empty where none is written. */
      readonly ref: string;
    };

/**
 * Takes apart what stands behind `uses:`.
 *
 * @example parseUses("$/actions/train") // => { kind: "own", path: "actions/train" }
 * @example parseUses("a/b/c/d.yml@v1") // => { kind: "repository", repository: "a/b", path: "c/d.yml", ref: "v1" }
 * @example parseUses("docker://alpine:3") // => { kind: "docker", image: "alpine:3" }
 */
export function parseUses(uses: string): Used {
  const own = /^(?:\$|\.)\/(.*)$/.exec(uses)?.[1];
  if (own !== undefined) return { kind: "own", path: own };
  const image = /^docker:\/\/(.*)$/.exec(uses)?.[1];
  if (image !== undefined) return { kind: "docker", image };
  const [, repository = uses, path = "", ref = ""] =
    /^([^/@]+\/[^/@]+)(?:\/([^@]*))?(?:@(.*))?$/.exec(uses) ?? [];
  return { kind: "repository", repository, path, ref };
}

/**
 * Whether what is used cannot change under its name: it is the repository's own, or named by a commit or
 * an image's digest.
 *
 * @example isPinned("actions/checkout@v5") // => false
 * @example isPinned("actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8") // => true
 * @example isPinned("docker://alpine:3") // => false
 */
export function isPinned(uses: string): boolean {
  const used = parseUses(uses);
  if (used.kind === "own") return true;
  return used.kind === "docker" ? /@sha256:[0-9a-f]{64}$/.test(used.image) : /^[0-9a-f]{40}$/.test(used.ref);
}
