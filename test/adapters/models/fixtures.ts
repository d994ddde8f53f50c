import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What `test/fixtures/models/make.py` wrote beside the models. */
interface Expected {
  readonly rows: number;
  readonly width: number;
  readonly features: readonly number[];
  readonly models: Readonly<
    Record<
      string,
      { readonly scores: readonly number[]; readonly columns?: Readonly<Record<string, (string | number)[]>> }
    >
  >;
}

const FOLDER = fileURLToPath(new URL("../../fixtures/models/", import.meta.url));

/** The path of a model of the fixtures. */
export const fixture = (name: string): string => `${FOLDER}${name}`;

export const expected: Expected = JSON.parse(readFileSync(fixture("expected.json"), "utf8"));
export const features = new Float32Array(expected.features);

/** What a model of the fixtures answers, by its reference. */
export function scoresOf(name: string): readonly number[] {
  const found = expected.models[name];
  if (found === undefined) throw new Error(`no model ${name}`);
  return found.scores;
}
