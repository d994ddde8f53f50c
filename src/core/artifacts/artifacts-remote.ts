import { isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import { UserError } from "../../errors.ts";
import { NoRemoteSet, type Setting } from "./dvc-config.ts";

/** A remote, and the line that names it. */
export type RemoteLine = Pick<Setting, "value" | "at">;

/** Files of fewer bytes travel packed, and the line that says so; 0: none does. */
export interface PackLine {
  readonly value: number;
  readonly at: Setting["at"];
}

/** Files below this many bytes are packed where no other size is said. */
export const PACKED_BELOW = 1 << 20;
/** Packs have some tens of megabytes: nothing is packed that is more than a part of one. */
const LARGEST_PACKED = 8 << 20;

/*
 * `artifacts.remote` and `artifacts.pack` of a contract. Whoever moves bytes needs these lines of it, also
 * where the rest is wrong or long: so they are read by themselves.
 */

/**
 * What a contract says of its remote, or undefined where it says nothing.
 *
 * @param file its path, for messages
 * @throws {UserError} where that line cannot be read
 *
 * @example artifactsRemote("model: a\nartifacts:\n  remote: oci://ghcr.io/acme/a\n", "trainyard.yaml").value // => "oci://ghcr.io/acme/a"
 * @example artifactsRemote("model: a\n", "trainyard.yaml") // => undefined
 */
export function artifactsRemote(text: string, file: string): RemoteLine | undefined {
  const section = sectionOf(text, file);
  if (section === undefined) return undefined;
  const { remote, pack, at, wrong } = section;
  if (remote === undefined && pack !== undefined) return undefined;
  if (!isScalar(remote) || typeof remote.value !== "string") throw wrong;
  return { value: remote.value, at: at(remote) };
}

/**
 * What a contract says of packs, or undefined where it says nothing.
 *
 * @param file its path, for messages
 * @throws {UserError} where that line cannot be read
 *
 * @example artifactsPack("artifacts: { pack: true }\n", "trainyard.yaml").value // => 1048576
 * @example artifactsPack("artifacts: { pack: 65536 }\n", "trainyard.yaml").value // => 65536
 * @example artifactsPack("model: a\n", "trainyard.yaml") // => undefined
 */
export function artifactsPack(text: string, file: string): PackLine | undefined {
  const section = sectionOf(text, file);
  if (section?.pack === undefined) return undefined;
  const { pack, at } = section;
  const value = packedBelow(isScalar(pack) ? pack.value : undefined);
  if (value !== undefined) return { value, at: at(pack) };
  throw new UserError(`artifacts.pack is not ${PACK_VALUES}`, { at: at(pack) });
}

const PACK_VALUES = `true, false, or a number of bytes up to ${LARGEST_PACKED}`;

/** What `artifacts.pack` means; undefined where it cannot be that. */
export function packedBelow(value: unknown): number | undefined {
  if (typeof value === "boolean") return value ? PACKED_BELOW : 0;
  if (typeof value !== "number" || !Number.isInteger(value)) return undefined;
  return value >= 0 && value <= LARGEST_PACKED ? value : undefined;
}

/** The section `artifacts`; undefined where there is none. */
function sectionOf(text: string, file: string) {
  if (!text.includes("artifacts")) return undefined;
  const lines = new LineCounter();
  const { contents, errors } = parseDocument(text, { version: "1.2", lineCounter: lines, merge: false });
  const [error] = errors;
  if (error !== undefined) {
    throw new UserError(`cannot be read: ${error.message.split("\n")[0]}`, {
      at: { file, line: lines.linePos(error.pos[0]).line },
    });
  }
  const artifacts = isMap(contents) ? contents.get("artifacts", true) : undefined;
  if (artifacts === undefined || artifacts === null) return undefined;
  const remote: unknown = isMap(artifacts) ? artifacts.get("remote", true) : undefined;
  const pack: unknown = isMap(artifacts) ? artifacts.get("pack", true) : undefined;
  const start = isNode(artifacts) ? artifacts.range?.[0] : undefined;
  const at = (node: unknown): PackLine["at"] => ({
    file,
    line: lines.linePos((isNode(node) ? node.range?.[0] : undefined) ?? start ?? 0).line,
  });
  const wrong = new UserError('"artifacts" is not "remote: oci://HOST/OWNER/NAME"', { at: at(remote) });
  return { remote, pack, at, wrong };
}

/**
 * Whether a file names a remote and nothing else: a repository of data keeps that line, and has no model to
 * make a contract of.
 *
 * @example namesRemoteAlone("# ours\nartifacts:\n  remote: oci://ghcr.io/acme/a\n") // => true
 * @example namesRemoteAlone("artifacts: { remote: oci://ghcr.io/acme/a }\nmodel: a\n") // => false
 * @example namesRemoteAlone("") // => false
 */
export function namesRemoteAlone(text: string): boolean {
  const keys = text.split(/\r?\n/).filter((line) => /^[^\s#]/.test(line) && line !== "---");
  return keys.length === 1 && /^artifacts\s*:/.test(keys[0] ?? "");
}

/**
 * The one remote that all contracts of a repository name.
 *
 * @throws {NoRemoteSet} where none names any
 * @throws {UserError} where two name different ones
 */
export function agreedRemote(said: readonly RemoteLine[]): RemoteLine {
  const [first] = said;
  if (first === undefined) {
    throw new NoRemoteSet(
      'no remote is set; run `trainyard remote add --default NAME URL`, or write "artifacts: { remote: oci://ghcr.io/OWNER/NAME }" to trainyard.yaml',
    );
  }
  const other = said.find(({ value }) => value !== first.value);
  if (other === undefined) return first;
  throw new UserError(
    `artifacts.remote is ${other.value}, and ${first.value} in ${first.at.file}; all contracts of a repository keep their bytes in one place`,
    { at: other.at },
  );
}

/**
 * What all contracts of a repository say of packs; undefined where none says anything.
 *
 * @throws {UserError} where two differ
 */
export function agreedPack(said: readonly PackLine[]): number | undefined {
  const [first] = said;
  const other = said.find(({ value }) => value !== first?.value);
  if (first === undefined || other === undefined) return first?.value;
  throw new UserError(
    `artifacts.pack is ${other.value} bytes, and ${first.value} in ${first.at.file}; all contracts of a repository say the same`,
    { at: other.at },
  );
}

/** What was found for a laid-out commit, in the words of the file that says so. */
export type TrustedRemote = (
  | { readonly remote: RemoteLine }
  | { readonly remote: null; readonly why: string; readonly set: boolean }
) & { readonly pack?: number };

/**
 * What contracts say of their remote, whatever it is, as a value to be kept.
 *
 * @example trustedRemote([]).set // => false
 */
export function trustedRemote(
  contracts: readonly { readonly text: string; readonly file: string }[],
): TrustedRemote {
  const pack = trustedPack(contracts);
  const packing = pack === undefined ? {} : { pack };
  try {
    const said = contracts.flatMap(({ text, file }) => artifactsRemote(text, file) ?? []);
    return { remote: agreedRemote(said), ...packing };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { remote: null, why: error.message, set: !(error instanceof NoRemoteSet), ...packing };
  }
}

/** What cannot be read or agreed upon packs nothing. */
function trustedPack(
  contracts: readonly { readonly text: string; readonly file: string }[],
): number | undefined {
  try {
    return agreedPack(contracts.flatMap(({ text, file }) => artifactsPack(text, file) ?? []));
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
