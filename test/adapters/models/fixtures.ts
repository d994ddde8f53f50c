import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import type { ModelExpectation } from "../../../src/ports/model.ts";

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

/** What most of the models that a test makes are held to. */
export const binary: ModelExpectation = { task: "binary-classification", outputs: 1, width: 4 };

/** A folder for the models that a test makes; it is gone when the tests of its file are through. */
export function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "trainyard-"));
  after(() => rmSync(folder, { recursive: true }));
  return folder;
}
