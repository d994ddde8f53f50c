import type { Place } from "../errors.ts";
import { type Contract, contract as schema } from "./contract.ts";
import { explain } from "./explain.ts";
import { ContractErrors, type Issue } from "./issues.ts";
import { foundText } from "./words.ts";
import { nodeAt, type Path, plain } from "./yaml/located.ts";
import { readYaml } from "./yaml/read.ts";

export { ContractErrors, type Issue } from "./issues.ts";
export { decodeContract } from "./yaml/bytes.ts";

/** A contract that is right in itself, and where each of its values was written. */
export interface ParsedContract {
  readonly contract: Contract;
  readonly file: string;
  /** Where the value at this path stands, or its nearest ancestor that does. */
  place(path: Path): Place;
  /** Where a character of the text value at this path stands. */
  placeWithin(path: Path, offset: number): Place;
}

/** Reads a file that the contract names, by its path relative to the contract; throws where there is none. */
export type ReadFile = (path: string) => string;

/**
 * Reads the text of a `trainyard.yaml`, with values set on the command line put in before it is checked.
 *
 * @throws {ContractErrors} with all that is wrong, in the order of the file.
 */
export function parseContract(
  text: string,
  file: string,
  overrides: readonly string[] = [],
  readFile?: ReadFile,
): ParsedContract {
  void overrides;
  void readFile;
  const { root, issues } = readYaml(text, file);
  const found: Issue[] = [...issues];
  if (root === undefined) throw new ContractErrors(found);
  if (root.kind !== "map") {
    const message = `found ${foundText(root)}; a contract is a map and begins with "model: NAME"`;
    throw new ContractErrors([...found, { place: root.at, message }]);
  }
  const result = schema.safeParse(plain(root));
  if (!result.success) {
    const explained = explain(schema, root);
    found.push(...explained);
    if (explained.length === 0) {
      const [first] = result.error.issues;
      found.push({ place: nodeAt(root, (first?.path ?? []) as Path).node.at, message: first?.message ?? "" });
    }
  }
  if (found.length > 0 || !result.success) throw new ContractErrors(found);
  return {
    contract: result.data,
    file,
    place: (path) => nodeAt(root, path).node.at,
    placeWithin(path, offset) {
      const { node, found: exists } = nodeAt(root, path);
      return exists && node.kind === "scalar" ? node.within(offset) : node.at;
    },
  };
}
