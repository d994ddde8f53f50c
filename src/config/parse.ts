import type { Place } from "../errors.ts";
import { check } from "./check.ts";
import { type Contract, contract as schema } from "./contract.ts";
import { explain } from "./explain.ts";
import { ContractErrors, type Issue } from "./issues.ts";
import { override } from "./override.ts";
import { type ReadFile, resolveParams } from "./reference.ts";
import { soundPart } from "./sound-part.ts";
import { foundText } from "./words.ts";
import { type Located, nodeAt, type Path, plain } from "./yaml/located.ts";
import { readYaml } from "./yaml/read.ts";

export { ContractErrors, type Issue } from "./issues.ts";
export type { ReadFile } from "./reference.ts";
export { contractWarnings } from "./warnings.ts";
export { decodeContract } from "./yaml/bytes.ts";

/** A contract that is right in itself, and where each of its values was written. */
export interface ParsedContract {
  readonly contract: Contract;
  readonly file: string;
  /** Files that the contract takes values from, relative to it. */
  readonly files: readonly string[];
  /** Where the value at this path stands, or its nearest ancestor that does. */
  place(path: Path): Place;
  /** Where a character of the text value at this path stands. */
  placeWithin(path: Path, offset: number): Place;
}

/** With more errors than a person makes, the rest of the file is not checked beyond the schema. */
const CHECKED_BESIDE = 40;

/**
 * Reads the text of a `trainyard.yaml`, with values set on the command line put in before it is checked.
 *
 * @param file how messages name it
 * @param overrides such as `train.params.epochs=5`
 * @param readFile gives the text of `params.yaml` in `train.params: params.yaml#train`
 * @throws {ContractErrors} with all that is wrong, in the order of the file
 */
export function parseContract(
  text: string,
  file: string,
  overrides: readonly string[] = [],
  readFile?: ReadFile,
): ParsedContract {
  const reading = readYaml(text, file);
  if (reading.root === undefined) throw new ContractErrors(reading.issues);
  const { root, issues, files } = withValuesFromElsewhere(reading.root, file, overrides, readFile);
  const found: Issue[] = [...reading.issues, ...issues];
  if (root.kind !== "map") {
    const message = `found ${foundText(root)}; a contract is a map and begins with "model: NAME"`;
    throw new ContractErrors([...found, { place: root.at, message }]);
  }

  const place = (path: Path, offset?: number): Place => {
    const { node, found: stands } = nodeAt(root, path);
    return stands && offset !== undefined && node.kind === "scalar" ? node.within(offset) : node.at;
  };
  // A contract is read once in a process: to compile the schema first takes longer than to walk it.
  const result = schema.safeParse(plain(root), { jitless: true });
  if (!result.success) {
    const explained = explain(schema, root);
    found.push(...explained.filter(({ message }) => message !== ""));
    // The schema has the last word, also where nothing explains it better.
    if (explained.length === 0) {
      found.push(
        ...result.error.issues.map(({ path, message }) => ({ place: place(path as Path), message })),
      );
    }
  }
  const few = found.length <= CHECKED_BESIDE;
  const part = result.success ? { contract: result.data, broken: [] } : few ? soundPart(root) : undefined;
  if (part !== undefined) {
    for (const { path, offset, message } of check(part.contract, part.broken)) {
      found.push({ place: place(path, offset), message });
    }
  }
  if (found.length > 0 || !result.success) throw new ContractErrors(found);
  return { contract: result.data, file, files, place: (path) => place(path), placeWithin: place };
}

/** The tree with referenced files and overrides in it; an override may name a file, and reach into one. */
function withValuesFromElsewhere(
  root: Located,
  file: string,
  overrides: readonly string[],
  readFile: ReadFile | undefined,
) {
  let { root: whole, issues, files } = resolveParams(root, file, readFile);
  for (const text of overrides) {
    const set = override(whole, text);
    const resolved = resolveParams(set.root, file, readFile);
    whole = resolved.root;
    issues = [...issues, ...set.issues, ...resolved.issues];
    files = [...files, ...resolved.files];
  }
  return { root: whole, issues, files: [...new Set(files)] };
}

/**
 * The same where files are read asynchronously: each file that the contract turns out to name is
 * fetched, and the contract is read again with it.
 */
export async function readContract(
  text: string,
  file: string,
  overrides: readonly string[],
  fetch: (path: string) => Promise<string>,
): Promise<ParsedContract> {
  const texts = new Map<string, string>();
  for (;;) {
    let missing: string | undefined;
    const fromTexts = (path: string) => {
      const known = texts.get(path);
      if (known === undefined) missing = path;
      return known ?? "";
    };
    try {
      const parsed = parseContract(text, file, overrides, fromTexts);
      if (missing === undefined) return parsed;
    } catch (error) {
      if (missing === undefined) throw error;
    }
    if (missing !== undefined) texts.set(missing, await fetch(missing));
  }
}
