import { posix } from "node:path";
import { nearest } from "../core/text/nearest.ts";
import { type Place, UserError } from "../errors.ts";
import type { Issue } from "./issues.ts";
import { REFERENCE } from "./schema/train.ts";
import { foundText, wordList } from "./words.ts";
import { type Located, nodeAt, withNode } from "./yaml/located.ts";
import { readYaml } from "./yaml/read.ts";

/** Reads a file that the contract names, by its path relative to the contract; throws where there is none. */
export type ReadFile = (path: string) => string;

export interface Resolved {
  readonly root: Located;
  readonly issues: readonly Issue[];
  /** The files that were read, relative to the contract. */
  readonly files: readonly string[];
}

/** Puts the values of `train.params: params.yaml#train` in place of the reference. */
export function resolveParams(root: Located, file: string, readFile: ReadFile | undefined): Resolved {
  const path = ["train", "params"];
  const { node, found } = nodeAt(root, path);
  const reference = found && node.kind === "scalar" ? node.value : undefined;
  const parts = typeof reference === "string" ? REFERENCE.exec(reference) : null;
  if (parts === null) return { root, issues: [], files: [] }; // the schema says what is wrong with other texts

  const [name = "", dotted = ""] = parts.slice(1);
  const wrong = (message: string, place: Place = node.at): Resolved => ({
    root: withNode(root, path, undefined) ?? root,
    issues: [{ place, message }],
    files: [],
  });
  const outside = outsideReason(name);
  if (outside !== undefined)
    return wrong(`"${name}" ${outside}; name a file beside the contract or below it`);
  if (readFile === undefined) return wrong(`"${reference}" names a file, and none can be read here`);

  const own = posix.normalize(name);
  let text: string;
  try {
    text = readFile(own);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const why =
      error instanceof UserError ? `: ${error.message}` : code === "ENOENT" ? "; there is no such file" : "";
    return wrong(`cannot read "${name}"${why}`);
  }
  const params = posix.join(posix.dirname(file.replaceAll("\\", "/")), own);
  const reading = readYaml(text, params);
  if (reading.root === undefined || reading.issues.length > 0) {
    return { ...wrong(""), issues: reading.issues, files: [own] };
  }
  let value = reading.root;
  for (const step of dotted.split(".")) {
    if (value.kind !== "map") {
      return wrong(`found ${foundText(value)}; "${reference}" looks for the key "${step}" here`, value.at);
    }
    const next = value.entries.get(step);
    if (next === undefined) {
      const keys = [...value.entries.keys()];
      const near = nearest(step, keys);
      const guess = near === undefined ? "" : `did you mean "${near}"? `;
      return wrong(`no key "${step}" in ${params}; ${guess}the keys there: ${wordList(keys)}`);
    }
    value = next;
  }
  return { root: withNode(root, path, value) ?? root, issues: [], files: [own] };
}

function outsideReason(path: string): string | undefined {
  if (/^([a-z][a-z0-9+.-]*:|[/\\~])/i.test(path)) return "is not a path inside the repository";
  if (path.split(/[/\\]/).includes("..")) return 'leaves the folder of the contract by ".."';
  return path.includes("\\") ? "has a backslash" : undefined;
}
