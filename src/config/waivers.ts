import * as z from "zod";
import { nearest } from "../core/text/nearest.ts";
import { explain } from "./explain.ts";
import { ContractErrors, type Issue } from "./issues.ts";
import { foundText } from "./words.ts";
import { type Located, nodeAt, type Path, plain } from "./yaml/located.ts";
import { readYaml } from "./yaml/read.ts";

/*
 * Waivers: a file beside the contract, so that CODEOWNERS can name who may let a gate be passed by, apart
 * from who may change the model. It says whom one may ask, why, and until when.
 */

/** The file's name in the contract's folder. */
export const WAIVERS = "waivers.yaml";

const LOGIN = /^@[A-Za-z0-9](-?[A-Za-z0-9]){0,38}(\/[A-Za-z0-9._-]{1,100})?$/;

const waiver = z.strictObject({
  gate: z
    .string()
    .min(1, "a condition is not empty")
    .max(500, "a condition has at most 500 characters")
    .meta({
      description: "The gate's condition, to the letter as the contract has it",
      examples: ["roc_auc >= 0.80"],
    }),
  by: z
    .string()
    .regex(LOGIN, 'write who answers for it as on GitHub, in quotes: "@anna" or "@acme/risk"')
    .meta({ description: "Who answers for it: a person or a team on GitHub", examples: ["@anna"] }),
  because: z
    .string()
    .max(500, "a reason has at most 500 characters")
    .refine((text) => text.trim() !== "", "a waiver says why")
    .meta({ description: "Why the gate may be passed by", examples: ["the new sensor needs three months"] }),
  until: z
    .string()
    .refine(isDay, "write a day of the calendar as YYYY-MM-DD")
    .meta({ description: "The last day on which it holds, by UTC", examples: ["2026-12-31"] }),
  pull: z
    .number()
    .int()
    .positive()
    .optional()
    .meta({ description: "Holds for this pull request alone", examples: [123] }),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, "write sha256: and 64 hexadecimal digits")
    .optional()
    .meta({
      description: "Holds for these bytes of the model alone",
      examples: [`sha256:${"0".repeat(64)}`],
    }),
});

export const waivers = z
  .strictObject({
    waivers: z
      .array(waiver)
      .max(100, "more than 100 waivers are no exceptions any more")
      .meta({ description: "Gates that may be passed by: which, by whom, why, and until when" }),
  })
  .meta({ title: "Trainyard waivers", description: "Gates of one contract that are waived for a while" });

/** A gate that may be passed by, and where it is written so. */
export type Waiver = z.output<typeof waiver> & { readonly line: number | null };

/**
 * Reads the text of a `waivers.yaml`.
 *
 * @param file how messages name it
 * @param gates the conditions of the contract beside it, which entries must name; any where they are absent
 * @throws {ContractErrors} with all that is wrong, in the order of the file
 */
export function parseWaivers(text: string, file: string, gates?: readonly string[]): readonly Waiver[] {
  if (text.trim() === "") {
    const message = 'the file is empty; without a waiver it says "waivers: []", or is not there';
    throw new ContractErrors([{ place: { file, line: 1, column: 1 }, message }]);
  }
  const { root, issues } = readYaml(text, file);
  if (root === undefined) throw new ContractErrors(issues);
  if (root.kind !== "map") {
    const message = `found ${foundText(root)}; it is a map with one key, "waivers", which holds a list`;
    throw new ContractErrors([...issues, { place: root.at, message }]);
  }
  const result = waivers.safeParse(plain(root), { jitless: true });
  const found: Issue[] = [...issues];
  if (!result.success) found.push(...explain(waivers, root).filter(({ message }) => message !== ""));
  else found.push(...strangers(result.data.waivers, root, gates));
  if (found.length > 0 || !result.success) {
    if (found.length > 0) throw new ContractErrors(found);
    throw new ContractErrors([{ place: root.at, message: "it does not fit its schema" }]);
  }
  return result.data.waivers.map((one, index) => ({ ...one, line: placeOf(root, [index]).line ?? null }));
}

/** Entries that name no gate of the contract: it was misspelled, or it is gone. */
function strangers(
  list: readonly { readonly gate: string }[],
  root: Located,
  gates: readonly string[] | undefined,
): Issue[] {
  if (gates === undefined) return [];
  return list.flatMap(({ gate }, index) => {
    if (gates.includes(gate)) return [];
    const near = nearest(gate, gates) ?? gates[0];
    const hint = near === undefined ? "it has none" : `the nearest is "${near}"`;
    const message = `the contract has no gate "${gate}"; ${hint}`;
    return [{ place: placeOf(root, [index, "gate"]), message }];
  });
}

const placeOf = (root: Located, path: Path) => nodeAt(root, ["waivers", ...path]).node.at;

/**
 * Whether a text is a day of the calendar.
 *
 * @example isDay("2028-02-29") // => true
 * @example isDay("2026-02-29") // => false
 */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}
