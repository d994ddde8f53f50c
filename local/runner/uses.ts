import { type Source, workingTree } from "./sources.ts";

/** What stands after `uses:`, taken apart. */
export type Uses =
  | { readonly kind: "workspace"; readonly path: string }
  | { readonly kind: "self"; readonly path: string }
  | { readonly kind: "other"; readonly repository: string; readonly path: string; readonly ref: string };

/**
 * Takes apart `./path`, `$/path` and `OWNER/NAME/path@REF`; throws where it is none of them.
 *
 * @example readUses("acme/tools/actions/a@v1") // => { kind: "other", repository: "acme/tools", path: "actions/a", ref: "v1" }
 */
export function readUses(uses: string): Uses {
  if (uses.startsWith("./")) return { kind: "workspace", path: uses.slice(2) };
  if (uses.startsWith("$/")) {
    if (uses.includes("@")) throw new Error(`"${uses}" has a version, which $/ never has`);
    return { kind: "self", path: uses.slice(2) };
  }
  const [, owner, name, path = "", ref] = /^([^/@]+)\/([^/@]+)(?:\/([^@]*))?@(.+)$/.exec(uses) ?? [];
  if (owner === undefined || name === undefined || ref === undefined) {
    throw new Error(`"${uses}" is none of ./path, $/path and OWNER/NAME/path@REF`);
  }
  return { kind: "other", repository: `${owner}/${name}`, path, ref };
}

/** The repository that another one's actions and workflows are taken from, of those that are known. */
export function otherSource(
  uses: Extract<Uses, { kind: "other" }>,
  known: Readonly<Record<string, string>>,
): Source {
  const folder = known[uses.repository];
  if (folder === undefined) {
    const names = Object.keys(known).sort().join(", ");
    throw new Error(
      `uses "${uses.repository}/${uses.path}@${uses.ref}", which is not known here; known are ${names === "" ? "none" : names}`,
    );
  }
  return workingTree(uses.repository, uses.ref, folder);
}
