import { isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import { UserError } from "../../errors.ts";
import { NoRemoteSet, type Setting } from "./dvc-config.ts";

/** A remote, and the line that names it. */
export type RemoteLine = Pick<Setting, "value" | "at">;

/*
 * `artifacts.remote` of a contract. Whoever fetches bytes needs this one line of it, also where the rest is
 * wrong or long: so it is read by itself.
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
  const start = isNode(remote) ? remote.range?.[0] : isNode(artifacts) ? artifacts.range?.[0] : undefined;
  const { line } = lines.linePos(start ?? 0);
  if (!isScalar(remote) || typeof remote.value !== "string") {
    throw new UserError('"artifacts" is not "remote: oci://HOST/OWNER/NAME"', { at: { file, line } });
  }
  return { value: remote.value, at: { file, line } };
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
      'no remote is set; write "artifacts: { remote: oci://ghcr.io/OWNER/NAME }" to trainyard.yaml, or "[core]" with "remote = NAME" to .dvc/config',
    );
  }
  const other = said.find(({ value }) => value !== first.value);
  if (other === undefined) return first;
  throw new UserError(
    `artifacts.remote is ${other.value}, and ${first.value} in ${first.at.file}; all contracts of a repository keep their bytes in one place`,
    { at: other.at },
  );
}

/** What was found for a laid-out commit, in the words of the file that says so. */
export type TrustedRemote =
  | { readonly remote: RemoteLine }
  | { readonly remote: null; readonly why: string; readonly set: boolean };

/**
 * What contracts say of their remote, whatever it is, as a value to be kept.
 *
 * @example trustedRemote([]).set // => false
 */
export function trustedRemote(
  contracts: readonly { readonly text: string; readonly file: string }[],
): TrustedRemote {
  try {
    return { remote: agreedRemote(contracts.flatMap(({ text, file }) => artifactsRemote(text, file) ?? [])) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { remote: null, why: error.message, set: !(error instanceof NoRemoteSet) };
  }
}
