import * as z from "zod";
import { UserError } from "../../errors.ts";
import type { Digest } from "../artifacts/digest.ts";
import type { Recipe } from "../features/recipe.ts";
import type { Bundle } from "./bundle.ts";
import { byLabel } from "./label-thresholds.ts";

/*
 * A package: one model's folder with what a stranger must know to serve it, and nothing that must be
 * looked up elsewhere. `package.json` says what goes in, what comes out, and which bytes there are.
 */

/** What a package says of itself, beside the model's folder. */
export const PACKAGE_FILE = "package.json";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "is not a sha256");
const md5 = z.string().regex(/^[0-9a-f]{32}(\.dir)?$/, "is not an md5");

const packed = z.strictObject({
  schema: z.literal("trainyard/package/1"),
  model: z.string().max(100),
  version: z.string().max(100).nullable(),
  digest: z.strictObject({ sha256, md5 }),
  /** The model's folder in the package, whose digest it is. */
  folder: z.string().max(100),
  signature: z.strictObject({
    task: z.string().max(50),
    /** The columns that a row must bring. */
    inputs: z.array(
      z.strictObject({ name: z.string(), kind: z.enum(["number", "boolean", "text", "time"]) }),
    ),
    /** In the order of the scores; [1] is the positive of two. None for a number. */
    classes: z.array(z.string()),
    /** Two classes: decided positive from here up. */
    threshold: z.number().nullable(),
    /** Several labels: from where up each is decided on, in the order of the scores, where there is no one threshold. */
    thresholds: z.array(z.strictObject({ label: z.string(), threshold: z.number() })).optional(),
  }),
  runtime: z.strictObject({ kind: z.string().max(50), file: z.string().max(500), name: z.string().max(200) }),
  /** Where the training rows' distributions stand, for whoever watches it; null where it has none. */
  reference: z.string().max(500).nullable(),
  files: z.array(z.strictObject({ path: z.string().max(500), sha256, size: z.number().int() })),
});

/** What a package says of itself. */
export type Package = z.output<typeof packed>;

/** A model's folder, read. */
export interface PackedModel {
  readonly digest: Digest;
  readonly version: string | undefined;
  readonly bundle: Bundle;
  readonly recipe: Recipe;
  /** The name of its reference in the folder. */
  readonly reference: string | undefined;
  /** Files of the package, relative to its top. */
  readonly files: Package["files"];
}

/** What a package says of itself: the same model is the same text. */
export function packageText(
  model: string,
  { bundle, recipe, digest, version, ...more }: PackedModel,
): string {
  const said: Package = {
    schema: "trainyard/package/1",
    model,
    version: version ?? null,
    digest: { sha256: digest.sha256, md5: digest.md5 },
    folder: model,
    signature: {
      task: bundle.task,
      inputs: recipe.inputs.map(({ name, kind }) => ({ name, kind })),
      classes: bundle.classes,
      threshold: bundle.threshold,
      ...byLabel(bundle),
    },
    runtime: { kind: bundle.kind, file: `${model}/${bundle.file}`, name: bundle.runtime },
    reference: more.reference === undefined ? null : `${model}/${more.reference}`,
    files: [...more.files].sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
  return `${JSON.stringify(said, undefined, 2)}\n`;
}

/**
 * Reads what a package says of itself.
 *
 * @example parsePackage("{}", "out/package.json") // throws "out/package.json is no package of this version"
 */
export function parsePackage(text: string, place: string): Package {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(`${place} is not JSON`);
  }
  const parsed = packed.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(
    `${place} is no package of this version: ${issue?.path.join(".") || "top level"}: ${issue?.message ?? "wrong"}`,
  );
}
